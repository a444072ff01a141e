// Sums of many terms: float32 for some of them, float64 over these. A float32 sum of n equal terms is off by up to n / 2
// roundings, several percent for 10^6 terms.

/** totals += sums. @param sums f32[count]  @param totals f64[count] */
export function addToTotals(sums: usize, totals: usize, count: usize): void {
  const end = sums + (count << 2);
  for (; sums + 16 <= end; sums += 16, totals += 32) {
    const four = v128.load(sums);
    v128.store(totals, f64x2.add(v128.load(totals), f64x2.promote_low_f32x4(four)));
    const upper = v128.shuffle<u64>(four, four, 1, 1);
    v128.store(totals, f64x2.add(v128.load(totals, 16), f64x2.promote_low_f32x4(upper)), 16);
  }
  for (; sums < end; sums += 4, totals += 8) store<f64>(totals, load<f64>(totals) + (load<f32>(sums) as f64));
}

/** sums = totals / divisor. @param totals f64[count]  @param sums f32[count] */
export function roundTotals(totals: usize, divisor: f64, sums: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) {
    store<f32>(sums + (i << 2), (load<f64>(totals + (i << 3)) / divisor) as f32);
  }
}

/** Products that gradients of filters add in float32 before these go to the totals: equal ones are right to 2e-5. */
export const longestProductSum: usize = 1024;

/** totals += sums, sums = 0. */
export function moveToTotals(sums: usize, totals: usize, count: usize): void {
  addToTotals(sums, totals, count);
  memory.fill(sums, 0, count << 2);
}
