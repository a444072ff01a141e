/** How well classes were recognised. */
export interface Quality {
  readonly accuracy: number;
  readonly macroF1: number;
  /** F1 of each class. */
  readonly f1: readonly number[];
  /** `[true class][predicted class]` counts. */
  readonly confusion: readonly (readonly number[])[];
}

export function qualityOf(classes: readonly number[], predicted: readonly number[], classCount: number): Quality {
  const confusion = Array.from({ length: classCount }, () => Array<number>(classCount).fill(0));
  classes.forEach((label, i) => confusion[label][predicted[i]]++);
  const f1 = confusion.map((row, label) => {
    const actual = sum(row);
    const claimed = sum(confusion.map((other) => other[label]));
    return actual + claimed === 0 ? 0 : (2 * row[label]) / (actual + claimed);
  });
  const correct = sum(confusion.map((row, label) => row[label]));
  return { accuracy: correct / classes.length, macroF1: sum(f1) / classCount, f1, confusion };
}

/** Area under the ROC curve: the chance that a positive scores above a negative, ties counting half. */
export function areaUnderRoc(negatives: readonly number[], positives: readonly number[]): number {
  const scores = [
    ...negatives.map((score) => ({ score, isPositive: false })),
    ...positives.map((score) => ({ score, isPositive: true })),
  ].sort((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let start = 0, end = 0; start < scores.length; start = end) {
    while (end < scores.length && scores[end].score === scores[start].score) end++;
    const meanRank = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) if (scores[i].isPositive) rankSum += meanRank;
  }
  return (rankSum - (positives.length * (positives.length + 1)) / 2) / (positives.length * negatives.length);
}

/** The value below which `share` of `values` lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
