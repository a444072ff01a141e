import { labels, unlabelled } from '@tfjs-sparse/lidar-minkunet';

/** How well labels match the true ones. */
export interface Quality {
  /** Rows: true class, columns: predicted class; points. */
  readonly confusion: readonly (readonly number[])[];
  /** Intersection over union of each class; null for a class that is neither there nor predicted. */
  readonly iou: readonly (number | null)[];
  readonly meanIou: number;
  readonly accuracy: number;
}

/** Counts points; those whose true label is `unlabelled` are left out. */
export class Scores {
  readonly #confusion = labels.map(() => labels.map(() => 0));

  add(truth: Uint8Array, predicted: Uint8Array): void {
    for (let point = 0; point < truth.length; point++) {
      if (truth[point] !== unlabelled) this.#confusion[truth[point]][predicted[point]]++;
    }
  }

  quality(): Quality {
    const confusion = this.#confusion;
    const rowSums = confusion.map((row) => row.reduce((sum, count) => sum + count, 0));
    const iou = confusion.map((row, label) => {
      const union = rowSums[label] + confusion.reduce((sum, other) => sum + other[label], 0) - row[label];
      return union === 0 ? null : row[label] / union;
    });
    const known = iou.filter((value) => value !== null);
    const total = rowSums.reduce((sum, count) => sum + count, 0);
    return {
      confusion,
      iou,
      meanIou: known.reduce((sum, value) => sum + value, 0) / known.length,
      accuracy: confusion.reduce((sum, row, label) => sum + row[label], 0) / total,
    };
  }
}
