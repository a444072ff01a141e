import { make } from '../../src/shell/element.js';
import { colourCell } from './character-text.js';
import type { Example, TopExamples } from './top-examples.js';

const [before, after] = [36, 18]; // characters around an example

/** The strongest examples of a feature in the scanned text, a line each. */
export function exampleLines(text: string, examples: TopExamples, feature: number, count: number): HTMLElement {
  const found = examples.examplesOf(feature).slice(0, count);
  if (found.length === 0) return make('p', { className: 'hint' }, 'Active nowhere in the scanned text.');
  return make('ul', { className: 'examples' }, ...found.map((example) => line(text, example, found[0].value)));
}

function line(text: string, { place, value }: Example, most: number): HTMLElement {
  const [start, end] = [Math.max(0, place - before), place + 1 + after];
  const shown = (from: number, to: number) => text.slice(from, to).replaceAll('\n', '↵');
  const mark = make('mark', {}, shown(place, place + 1));
  colourCell(mark, value / most);
  return make(
    'li',
    {},
    make('code', {}, shown(start, place), mark, shown(place + 1, end)),
    make('span', { className: 'value' }, value.toFixed(2)),
  );
}
