/** A class with its probability. */
export interface Likely {
  readonly label: string;
  readonly probability: number;
}

const shownCount = 3;

/** The likeliest classes, the likeliest first. */
export function likeliest(probabilities: Readonly<Record<string, number>>): Likely[] {
  const all = Object.entries(probabilities).map(([label, probability]) => ({ label, probability }));
  return all.sort((a, b) => b.probability - a.probability).slice(0, shownCount);
}
