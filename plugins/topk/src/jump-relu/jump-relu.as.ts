/**
 * y = values * factor where x > threshold, else 0; of no values (pointer 0) the factor itself.
 *
 * @param x f32[rows, features]  @param threshold f32[features]  @param values f32[rows, features] or 0
 * @param y f32[rows, features]
 */
export function gateAbove(
  x: usize,
  threshold: usize,
  values: usize,
  y: usize,
  rows: usize,
  features: usize,
  factor: f32,
): void {
  for (let row: usize = 0; row < rows; row++) {
    let i: usize = 0;
    for (; i + 4 <= features; i += 4) {
      const isOpen = f32x4.gt(v128.load(x + (i << 2)), v128.load(threshold + (i << 2)));
      v128.store(y + (i << 2), v128.and(isOpen, scaled4(values, i, factor)));
    }
    for (; i < features; i++) {
      const isOpen = load<f32>(x + (i << 2)) > load<f32>(threshold + (i << 2));
      store<f32>(y + (i << 2), isOpen ? scaled(values, i, factor) : 0);
    }
    x += features << 2;
    y += features << 2;
    if (values) values += features << 2;
  }
}

/** The same where |x - threshold| < half. */
export function gateInside(
  x: usize,
  threshold: usize,
  values: usize,
  y: usize,
  rows: usize,
  features: usize,
  half: f32,
  factor: f32,
): void {
  const halves = f32x4.splat(half);
  for (let row: usize = 0; row < rows; row++) {
    let i: usize = 0;
    for (; i + 4 <= features; i += 4) {
      const distance = f32x4.abs(f32x4.sub(v128.load(x + (i << 2)), v128.load(threshold + (i << 2))));
      v128.store(y + (i << 2), v128.and(f32x4.lt(distance, halves), scaled4(values, i, factor)));
    }
    for (; i < features; i++) {
      const distance = Mathf.abs(load<f32>(x + (i << 2)) - load<f32>(threshold + (i << 2)));
      store<f32>(y + (i << 2), distance < half ? scaled(values, i, factor) : 0);
    }
    x += features << 2;
    y += features << 2;
    if (values) values += features << 2;
  }
}

// @ts-expect-error: decorators of functions are AssemblyScript's
@inline
function scaled4(values: usize, i: usize, factor: f32): v128 {
  const factors = f32x4.splat(factor);
  return values ? f32x4.mul(v128.load(values + (i << 2)), factors) : factors;
}

// @ts-expect-error: decorators of functions are AssemblyScript's
@inline
function scaled(values: usize, i: usize, factor: f32): f32 {
  return values ? load<f32>(values + (i << 2)) * factor : factor;
}
