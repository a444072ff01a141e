import { labels } from './labels.js';

/** Share of each label. */
export function sharesOf(ofPoints: Uint8Array): number[] {
  const counts = labels.map(() => 0);
  for (const label of ofPoints) if (label < labels.length) counts[label]++;
  return counts.map((count) => count / Math.max(ofPoints.length, 1));
}
