/**
 * How sure a Gaussian weight's magnitude is (SSVI, Li et al. 2024): E|w| over its standard deviation; for `dropAndGrow`.
 *
 * @param means     of each weight
 * @param deviations of each weight, above 0
 */
export function signalToNoise(means: Float32Array, deviations: Float32Array): Float64Array {
  return Float64Array.from(means, (mean, i) => {
    const deviation = deviations[i];
    const standard = mean / deviation;
    const density = Math.exp((-standard * standard) / 2) / Math.sqrt(2 * Math.PI);
    const expected = mean * errorFunction(standard / Math.SQRT2) + 2 * deviation * density;
    const ratio = expected / Math.sqrt(deviation * deviation + mean * mean - expected * expected);
    return Number.isNaN(ratio) ? 0 : ratio;
  });
}

/** erf to double precision: its power series near 0, a continued fraction of erfc further out. */
function errorFunction(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  if (Math.abs(x) > 3) {
    const z = Math.abs(x);
    let fraction = 0;
    for (let k = 60; k > 0; k--) fraction = k / 2 / (z + fraction);
    return Math.sign(x) * (1 - Math.exp(-z * z) / ((z + fraction) * Math.sqrt(Math.PI)));
  }
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > Number.EPSILON * Math.abs(sum); k++) {
    term *= (-x * x) / k;
    sum += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
