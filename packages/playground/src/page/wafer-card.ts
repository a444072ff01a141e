import type { SiteLevel } from '../classifier/site-levels.js';
import type { Classification } from '../classifier/wafer-classifier.js';
import { drawMap, drawSites } from './draw.js';
import { make } from './element.js';

const likelyCount = 3; // classes shown with their probability

/** One wafer on the page: its map, and once it is classified the prediction and the sites per level. */
export class WaferCard {
  readonly element: HTMLElement;
  readonly #results = make('div');
  readonly #levels = make('div', { className: 'levels' });

  constructor(
    readonly name: string,
    readonly map: Uint8Array,
  ) {
    const picture = drawMap(map);
    picture.setAttribute('aria-label', `map of ${name}`);
    this.element = make('article', {}, picture, this.#results);
    this.clear();
  }

  /** Shows that there is no prediction yet. */
  clear(): void {
    this.#results.replaceChildren(make('div', { className: 'name' }, this.name), make('h2', {}, '…'));
  }

  show(result: Classification, labels: readonly string[], levels: readonly SiteLevel[]): void {
    const title = make('h2', {}, result.class);
    if (result.isNovel) {
      title.append(
        make('span', { className: 'badge', title: 'Unlike the maps that the model was trained on' }, 'new?'),
      );
    }
    this.#results.replaceChildren(
      make('div', { className: 'name' }, this.name),
      title,
      likelyClasses(result.probabilities, labels),
      make('div', { className: 'numbers' }, numbers(result)),
    );
    this.#levels.replaceChildren(...levels.map(levelFigure));
    this.element.append(this.#levels);
  }
}

function numbers({ novelty, ms }: Classification): string {
  const time = `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
  return novelty === null ? time : `novelty ${novelty.toFixed(1)} · ${time}`;
}

function likelyClasses(probabilities: Float32Array, labels: readonly string[]): HTMLUListElement {
  const order = [...labels.keys()].sort((a, b) => probabilities[b] - probabilities[a]).slice(0, likelyCount);
  const rows = order.map((label) =>
    make(
      'li',
      {},
      make('span', {}, labels[label]),
      make('meter', { value: probabilities[label], title: labels[label] }),
      make('span', {}, `${(100 * probabilities[label]).toFixed(1)} %`),
    ),
  );
  return make('ul', { className: 'likely' }, ...rows);
}

function levelFigure(level: SiteLevel): HTMLElement {
  const { spatialShape, siteCount, layers } = level;
  const cells = spatialShape.reduce((product, size) => product * size, 1);
  const share = `${((100 * siteCount) / cells).toFixed(0)} %`;
  return make(
    'figure',
    { title: `${share} of the cells are sites. Layers: ${layers.join(', ')}` },
    drawSites(level),
    make('figcaption', {}, spatialShape.join(' × '), make('br'), `${siteCount} sites`),
  );
}
