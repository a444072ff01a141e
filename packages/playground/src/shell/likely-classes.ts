import type { Likely } from '../likeliest.js';
import { make } from './element.js';

/** A list of classes with bars and percentages. */
export function likelyClasses(likely: readonly Likely[]): HTMLUListElement {
  const rows = likely.map(({ label, probability }) =>
    make(
      'li',
      {},
      make('span', {}, label),
      make('meter', { value: probability, title: label }),
      make('span', {}, `${(100 * probability).toFixed(1)} %`),
    ),
  );
  return make('ul', { className: 'likely' }, ...rows);
}
