// Twelve independent chains: enough to hide the latency of an addition or of a fused multiply-add on current cores.

/**
 * The fused form multiplies constants: SpiderMonkey writes the sum over the register of its addend, and copies an addend
 * that is a factor as well. With `a` as both, Firefox did half of what a core can, and kernels came out above 100 %. Of
 * two operations the product needs `a`: that of constants would be hoisted out of the loop.
 */
// @ts-ignore: decorator of AssemblyScript
@inline
function step(a: v128, b: v128): v128 {
  return isDefined(RELAXED) ? f32x4.relaxed_madd(b, b, a) : f32x4.add(a, f32x4.mul(a, b));
}

/**
 * Runs `rounds` multiply-adds in each lane of each chain; 96 floating-point operations a round. Four rounds a
 * turn: V8 spends time of its own on every turn of a loop, a seventh of it if a turn were one round.
 *
 * @returns a value that depends on all
 */
export function multiplyAdd(rounds: i32): f32 {
  const factor = f32x4.splat(1e-9);
  let a = f32x4.splat(1), b = f32x4.splat(2), c = f32x4.splat(3), d = f32x4.splat(4);
  let e = f32x4.splat(5), f = f32x4.splat(6), g = f32x4.splat(7), h = f32x4.splat(8);
  let i = f32x4.splat(9), j = f32x4.splat(10), k = f32x4.splat(11), l = f32x4.splat(12);
  let round = 0;
  while (round < rounds) {
    a = step(a, factor);
    b = step(b, factor);
    c = step(c, factor);
    d = step(d, factor);
    e = step(e, factor);
    f = step(f, factor);
    g = step(g, factor);
    h = step(h, factor);
    i = step(i, factor);
    j = step(j, factor);
    k = step(k, factor);
    l = step(l, factor);
    if (++round >= rounds) break;

    a = step(a, factor);
    b = step(b, factor);
    c = step(c, factor);
    d = step(d, factor);
    e = step(e, factor);
    f = step(f, factor);
    g = step(g, factor);
    h = step(h, factor);
    i = step(i, factor);
    j = step(j, factor);
    k = step(k, factor);
    l = step(l, factor);
    if (++round >= rounds) break;

    a = step(a, factor);
    b = step(b, factor);
    c = step(c, factor);
    d = step(d, factor);
    e = step(e, factor);
    f = step(f, factor);
    g = step(g, factor);
    h = step(h, factor);
    i = step(i, factor);
    j = step(j, factor);
    k = step(k, factor);
    l = step(l, factor);
    if (++round >= rounds) break;

    a = step(a, factor);
    b = step(b, factor);
    c = step(c, factor);
    d = step(d, factor);
    e = step(e, factor);
    f = step(f, factor);
    g = step(g, factor);
    h = step(h, factor);
    i = step(i, factor);
    j = step(j, factor);
    k = step(k, factor);
    l = step(l, factor);
    round++;
  }
  const sum = f32x4.add(
    f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(f32x4.add(e, f), f32x4.add(g, h))),
    f32x4.add(f32x4.add(i, j), f32x4.add(k, l)),
  );
  return f32x4.extract_lane(sum, 0);
}
