const seriesLimit = 3; // beyond it the continued fraction needs fewer terms

/** The share of a normal distribution below x, in float64. */
export function normalShare(x: number): number {
  const density = normalDensity(x);
  if (Math.abs(x) > seriesLimit) {
    let fraction = 0;
    for (let term = 100; term >= 1; term--) fraction = term / (Math.abs(x) + fraction);
    const beyond = density / (Math.abs(x) + fraction);
    return x < 0 ? beyond : 1 - beyond;
  }
  let term = x;
  let sum = x;
  for (let n = 3; Math.abs(term) > 1e-18; n += 2) sum += term *= (x * x) / n;
  return 0.5 + density * sum;
}

export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}
