import type { DemoPage } from '../../src/demo.js';
import { CardGrid } from '../../src/shell/card-grid.js';
import { counted, median } from '../../src/numbers.js';
import type { Wafer } from './demo.js';
import { WaferCard } from './wafer-card.js';
import type { Classification } from './wafer-classifier.js';

export const page: DemoPage<Wafer, Classification> = {
  createView: () => new CardGrid((wafer) => new WaferCard(wafer), summary),
};

function summary(results: readonly Classification[], backend: string): string {
  return `${counted(results.length, 'wafer')} on ${backend}, ${median(results.map(({ ms }) => ms)).toFixed(1)} ms each (median).`;
}
