import { make } from '../../src/shell/element.js';
import { likelyClasses } from '../../src/shell/likely-classes.js';
import type { Wafer } from './demo.js';
import { drawMap, drawSites } from './draw.js';
import type { SiteLevel } from './site-levels.js';
import { fixed } from '../../src/numbers.js';
import type { Classification } from './wafer-classifier.js';

/** One wafer on the page: its map, and once it is classified the prediction and the sites per level. */
export class WaferCard {
  readonly element: HTMLElement;
  readonly #results = make('div');
  readonly #levels = make('div', { className: 'levels' });

  constructor(readonly wafer: Wafer) {
    const picture = drawMap(wafer.map);
    picture.setAttribute('aria-label', `map of ${wafer.name}, ${wafer.map.height} rows of ${wafer.map.width} dies`);
    this.element = make('article', {}, picture, this.#results);
    this.clear();
  }

  /** Shows that there is no prediction yet. */
  clear(): void {
    this.#results.replaceChildren(make('div', { className: 'name' }, this.wafer.name), make('h2', {}, '…'));
  }

  show(result: Classification): void {
    const title = make('h2', {}, result.class);
    if (result.isNovel) {
      title.append(
        make('span', { className: 'badge', title: 'Unlike the maps that the model was trained on' }, 'new?'),
      );
    }
    this.#results.replaceChildren(
      make('div', { className: 'name' }, this.wafer.name),
      title,
      likelyClasses(result.likely),
      make('div', { className: 'numbers' }, numbers(result)),
    );
    this.#levels.replaceChildren(...result.levels.map(levelFigure));
    this.element.append(this.#levels);
  }
}

function numbers({ novelty, ms }: Classification): string {
  const time = `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
  return novelty === null ? time : `novelty ${fixed(novelty, 1)} · ${time}`;
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
