import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';

// As single-sums, for blocks of 2 and of 4 outputs.

// @ts-ignore: decorator of AssemblyScript
@inline
export function addPairs(tile: usize, counts: usize, endCounts: usize, entries: usize, bias: usize, to: usize, vectors: i32): usize {
  for (; counts < endCounts; counts += 4) {
    const end = entries + (load<u32>(counts) as usize) * 12;
    addPair(tile, entries, end, bias, to, vectors);
    entries = end;
    if (bias != 0) bias += 8;
    to += 128;
  }
  return entries;
}

// @ts-ignore: decorator of AssemblyScript
@inline
export function addFours(tile: usize, counts: usize, endCounts: usize, entries: usize, bias: usize, to: usize): usize {
  for (; counts < endCounts; counts += 4) {
    const end = entries + (load<u32>(counts) as usize) * 20;
    addFour(tile, entries, end, bias, to);
    entries = end;
    if (bias != 0) bias += 16;
    to += 128;
  }
  return entries;
}

/** The same for 2 outputs and a tile of 16 rows; the second output is one tile row (64 bytes) further. */
// @ts-ignore: decorator of AssemblyScript
@inline
function addPair(tile: usize, from: usize, end: usize, bias: usize, to: usize, vectors: i32): void {
  if (bias != 0) spreadBias(bias, to, 2, 4);
  let sum0 = v128.load(to), sum1 = v128.load(to, 16), sum2 = v128.load(to, 32), sum3 = v128.load(to, 48);
  let more0 = v128.load(to, 64), more1 = v128.load(to, 80), more2 = v128.load(to, 96), more3 = v128.load(to, 112);
  let weight: v128, more: v128, x: v128, column: usize;
  while (from < end) {
    column = tile + load<u32>(from);
    weight = v128.load32_splat(from, 4);
    more = v128.load32_splat(from, 8);
    from += 12;
    x = v128.load(column);
    sum0 = madd(x, weight, sum0);
    more0 = madd(x, more, more0);
    x = v128.load(column, 16);
    sum1 = madd(x, weight, sum1);
    more1 = madd(x, more, more1);
    if (vectors > 2) {
      x = v128.load(column, 32);
      sum2 = madd(x, weight, sum2);
      more2 = madd(x, more, more2);
      x = v128.load(column, 48);
      sum3 = madd(x, weight, sum3);
      more3 = madd(x, more, more3);
    }
    if (from >= end) break;

    column = tile + load<u32>(from);
    weight = v128.load32_splat(from, 4);
    more = v128.load32_splat(from, 8);
    from += 12;
    x = v128.load(column);
    sum0 = madd(x, weight, sum0);
    more0 = madd(x, more, more0);
    x = v128.load(column, 16);
    sum1 = madd(x, weight, sum1);
    more1 = madd(x, more, more1);
    if (vectors > 2) {
      x = v128.load(column, 32);
      sum2 = madd(x, weight, sum2);
      more2 = madd(x, more, more2);
      x = v128.load(column, 48);
      sum3 = madd(x, weight, sum3);
      more3 = madd(x, more, more3);
    }
  }
  v128.store(to, sum0);
  v128.store(to, sum1, 16);
  v128.store(to, more0, 64);
  v128.store(to, more1, 80);
  if (vectors > 2) {
    v128.store(to, sum2, 32);
    v128.store(to, sum3, 48);
    v128.store(to, more2, 96);
    v128.store(to, more3, 112);
  }
}

/** The same for 4 outputs and a tile of 8 rows; each output is one tile row (32 bytes) further. */
// @ts-ignore: decorator of AssemblyScript
@inline
function addFour(tile: usize, from: usize, end: usize, bias: usize, to: usize): void {
  if (bias != 0) spreadBias(bias, to, 4, 2);
  let low0 = v128.load(to), high0 = v128.load(to, 16);
  let low1 = v128.load(to, 32), high1 = v128.load(to, 48);
  let low2 = v128.load(to, 64), high2 = v128.load(to, 80);
  let low3 = v128.load(to, 96), high3 = v128.load(to, 112);
  let low: v128, high: v128, weight: v128, column: usize;
  while (from < end) {
    column = tile + load<u32>(from);
    low = v128.load(column);
    high = v128.load(column, 16);
    weight = v128.load32_splat(from, 4);
    low0 = madd(low, weight, low0);
    high0 = madd(high, weight, high0);
    weight = v128.load32_splat(from, 8);
    low1 = madd(low, weight, low1);
    high1 = madd(high, weight, high1);
    weight = v128.load32_splat(from, 12);
    low2 = madd(low, weight, low2);
    high2 = madd(high, weight, high2);
    weight = v128.load32_splat(from, 16);
    low3 = madd(low, weight, low3);
    high3 = madd(high, weight, high3);
    from += 20;
    if (from >= end) break;

    column = tile + load<u32>(from);
    low = v128.load(column);
    high = v128.load(column, 16);
    weight = v128.load32_splat(from, 4);
    low0 = madd(low, weight, low0);
    high0 = madd(high, weight, high0);
    weight = v128.load32_splat(from, 8);
    low1 = madd(low, weight, low1);
    high1 = madd(high, weight, high1);
    weight = v128.load32_splat(from, 12);
    low2 = madd(low, weight, low2);
    high2 = madd(high, weight, high2);
    weight = v128.load32_splat(from, 16);
    low3 = madd(low, weight, low3);
    high3 = madd(high, weight, high3);
    from += 20;
  }
  v128.store(to, low0);
  v128.store(to, high0, 16);
  v128.store(to, low1, 32);
  v128.store(to, high1, 48);
  v128.store(to, low2, 64);
  v128.store(to, high2, 80);
  v128.store(to, low3, 96);
  v128.store(to, high3, 112);
}

/** to[output][row] = bias[output] */
// @ts-ignore: decorator of AssemblyScript
@inline
function spreadBias(bias: usize, to: usize, outputs: usize, vectors: usize): void {
  for (let output: usize = 0; output < outputs; output++) {
    const value = v128.load32_splat(bias + (output << 2));
    for (let vector: usize = 0; vector < vectors; vector++) v128.store(to + ((output * vectors + vector) << 4), value);
  }
}
