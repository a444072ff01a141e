import { counted, median } from '../../src/numbers.js';
import type { Comparison } from './clothing-classifier.js';

/** Median times and agreement of both networks. */
export function summaryOf(results: readonly Comparison[], backend: string): string {
  const times = (['sparse', 'dense'] as const).map((kind) => median(results.map((result) => result[kind].ms)));
  const [sparse, dense] = times;
  const same = results.filter((result) => result.sparse.likely[0].label === result.dense.likely[0].label).length;
  const faster = `${(dense / sparse).toFixed(1)} times as fast`;
  return (
    `${counted(results.length, 'image')} on ${backend}: sparse ${sparse.toFixed(2)} ms, dense ${dense.toFixed(2)} ms (medians), ` +
    `${faster}; the same class for ${same} of ${results.length}`
  );
}
