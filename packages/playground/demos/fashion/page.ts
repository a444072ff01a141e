import { imageSide } from '@tfjs-sparse/fashion-mobilenet-90';
import type { DemoPage } from '../../src/demo.js';
import { CardGrid, type Card } from '../../src/shell/card-grid.js';
import { make } from '../../src/shell/element.js';
import { likelyClasses } from '../../src/shell/likely-classes.js';
import { drawCells } from '../../src/shell/draw-cells.js';
import type { Comparison, Prediction } from './clothing-classifier.js';
import type { Clothing } from './demo.js';
import { summaryOf } from './summary.js';

export const page: DemoPage<Clothing, Comparison> = {
  createView: () => new CardGrid(clothingCard, (results, backend) => `${summaryOf(results, backend)}.`),
};

/** The image, and what both networks say of it. */
function clothingCard({ name, pixels }: Clothing): Card<Comparison> {
  const picture = drawCells(imageSide, imageSide, (pixel) => {
    const grey = pixels[pixel];
    return [grey, grey, grey, 255];
  });
  picture.setAttribute('aria-label', name);
  const predictions = make('div', { className: 'predictions' });
  const title = make('div', { className: 'name' }, name);
  return {
    element: make('article', { className: 'clothing' }, picture, make('div', {}, title, predictions)),
    show: ({ sparse, dense }) =>
      predictions.replaceChildren(prediction('90 % sparse', sparse), prediction('dense', dense)),
    clear: () => predictions.replaceChildren('…'),
  };
}

function prediction(network: string, { likely, ms }: Prediction): HTMLElement {
  return make(
    'section',
    {},
    make('h2', {}, network),
    make('div', { className: 'numbers' }, `${ms.toFixed(ms < 10 ? 2 : 0)} ms`),
    likelyClasses(likely),
  );
}
