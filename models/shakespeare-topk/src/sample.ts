/**
 * A character drawn by its probability, softmax(scores / temperature).
 *
 * @param chance from 0 to 1, which decides
 */
export function sample(scores: Float32Array, temperature: number, chance: number): number {
  const best = scores.reduce((most, score, i) => (score > scores[most] ? i : most), 0);
  if (temperature === 0) return best;
  const weights = Array.from(scores, (score) => Math.exp((score - scores[best]) / temperature));
  let left = chance * weights.reduce((total, weight) => total + weight, 0);
  const drawn = weights.findIndex((weight) => (left -= weight) < 0);
  return drawn < 0 ? best : drawn;
}
