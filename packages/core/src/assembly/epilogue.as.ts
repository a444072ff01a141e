import { clamp4 } from './simd.as';

/**
 * values = values + residual, limited to low..high, while they are still in the cache of the kernel that summed them. NaN
 * stays.
 *
 * @param values f32[count]  @param residual f32[count], or 0 for none
 */
export function finishSums(values: usize, residual: usize, count: usize, low: f32, high: f32): void {
  if (residual != 0) addAndClamp(values, residual, count, low, high);
  else if (low > -Infinity || high < Infinity) clamp(values, count, low, high);
}

function addAndClamp(values: usize, others: usize, count: usize, low: f32, high: f32): void {
  const end = values + (count << 2);
  const low4 = f32x4.splat(low);
  const high4 = f32x4.splat(high);
  for (; values + 16 <= end; values += 16, others += 16) {
    v128.store(values, clamp4(f32x4.add(v128.load(values), v128.load(others)), low4, high4));
  }
  for (; values < end; values += 4, others += 4) {
    const sum = load<f32>(values) + load<f32>(others);
    store<f32>(values, sum < low ? low : sum > high ? high : sum);
  }
}

function clamp(values: usize, count: usize, low: f32, high: f32): void {
  const end = values + (count << 2);
  const low4 = f32x4.splat(low);
  const high4 = f32x4.splat(high);
  for (; values + 16 <= end; values += 16) v128.store(values, clamp4(v128.load(values), low4, high4));
  for (; values < end; values += 4) {
    const value = load<f32>(values);
    if (value < low) store<f32>(values, low);
    else if (value > high) store<f32>(values, high);
  }
}
