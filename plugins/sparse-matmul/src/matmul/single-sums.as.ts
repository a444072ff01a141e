import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';
import { singleRows } from './tile-layout.as';

// One loop over the outputs for each number of vectors: a call for each output would cost as much as ten weights.

// @ts-ignore: decorator of AssemblyScript
@inline
export function addSingles(tile: usize, counts: usize, endCounts: usize, entries: usize, bias: usize, to: usize, vectors: i32): usize {
  for (; counts < endCounts; counts += 4) {
    const end = entries + ((load<u32>(counts) as usize) << 3);
    addSingle(tile, entries, end, bias, to, vectors);
    entries = end;
    if (bias != 0) bias += 4;
    to += singleRows << 2;
  }
  return entries;
}

/**
 * to[row] = bias + the sum over the entries of weight * tile[column][row], for 4 * `vectors` rows. A turn of the loop
 * takes up to four entries, each behind an exit of its own: V8 checks for a stack overflow once per turn, and without
 * the exits it would load several entries ahead and spill.
 */
// @ts-ignore: decorator of AssemblyScript
@inline
function addSingle(tile: usize, from: usize, end: usize, bias: usize, to: usize, vectors: i32): void {
  let sum0 = bias != 0 ? v128.load32_splat(bias) : v128.load(to);
  let sum1 = bias != 0 ? sum0 : v128.load(to, 16);
  let sum2 = sum0, sum3 = sum0, sum4 = sum0, sum5 = sum0, sum6 = sum0, sum7 = sum0;
  if (bias == 0) {
    if (vectors > 2) {
      sum2 = v128.load(to, 32);
      sum3 = v128.load(to, 48);
    }
    if (vectors > 4) {
      sum4 = v128.load(to, 64);
      sum5 = v128.load(to, 80);
    }
    if (vectors > 6) {
      sum6 = v128.load(to, 96);
    }
    if (vectors > 7) sum7 = v128.load(to, 112);
  }
  let weight: v128, column: usize;
  while (from < end) {
    column = tile + load<u32>(from);
    weight = v128.load32_splat(from, 4);
    from += 8;
    sum0 = madd(v128.load(column), weight, sum0);
    sum1 = madd(v128.load(column, 16), weight, sum1);
    if (vectors > 2) {
      sum2 = madd(v128.load(column, 32), weight, sum2);
      sum3 = madd(v128.load(column, 48), weight, sum3);
    }
    if (vectors > 4) {
      sum4 = madd(v128.load(column, 64), weight, sum4);
      sum5 = madd(v128.load(column, 80), weight, sum5);
    }
    if (vectors > 6) {
      sum6 = madd(v128.load(column, 96), weight, sum6);
    }
    if (vectors > 7) sum7 = madd(v128.load(column, 112), weight, sum7);
    if (from >= end) break;

    column = tile + load<u32>(from);
    weight = v128.load32_splat(from, 4);
    from += 8;
    sum0 = madd(v128.load(column), weight, sum0);
    sum1 = madd(v128.load(column, 16), weight, sum1);
    if (vectors > 2) {
      sum2 = madd(v128.load(column, 32), weight, sum2);
      sum3 = madd(v128.load(column, 48), weight, sum3);
    }
    if (vectors > 4) {
      sum4 = madd(v128.load(column, 64), weight, sum4);
      sum5 = madd(v128.load(column, 80), weight, sum5);
    }
    if (vectors > 6) {
      sum6 = madd(v128.load(column, 96), weight, sum6);
    }
    if (vectors > 7) sum7 = madd(v128.load(column, 112), weight, sum7);
    if (from >= end) break;

    column = tile + load<u32>(from);
    weight = v128.load32_splat(from, 4);
    from += 8;
    sum0 = madd(v128.load(column), weight, sum0);
    sum1 = madd(v128.load(column, 16), weight, sum1);
    if (vectors > 2) {
      sum2 = madd(v128.load(column, 32), weight, sum2);
      sum3 = madd(v128.load(column, 48), weight, sum3);
    }
    if (vectors > 4) {
      sum4 = madd(v128.load(column, 64), weight, sum4);
      sum5 = madd(v128.load(column, 80), weight, sum5);
    }
    if (vectors > 6) {
      sum6 = madd(v128.load(column, 96), weight, sum6);
    }
    if (vectors > 7) sum7 = madd(v128.load(column, 112), weight, sum7);
    if (from >= end) break;

    column = tile + load<u32>(from);
    weight = v128.load32_splat(from, 4);
    from += 8;
    sum0 = madd(v128.load(column), weight, sum0);
    sum1 = madd(v128.load(column, 16), weight, sum1);
    if (vectors > 2) {
      sum2 = madd(v128.load(column, 32), weight, sum2);
      sum3 = madd(v128.load(column, 48), weight, sum3);
    }
    if (vectors > 4) {
      sum4 = madd(v128.load(column, 64), weight, sum4);
      sum5 = madd(v128.load(column, 80), weight, sum5);
    }
    if (vectors > 6) {
      sum6 = madd(v128.load(column, 96), weight, sum6);
    }
    if (vectors > 7) sum7 = madd(v128.load(column, 112), weight, sum7);
  }
  v128.store(to, sum0);
  v128.store(to, sum1, 16);
  if (vectors > 2) {
    v128.store(to, sum2, 32);
    v128.store(to, sum3, 48);
  }
  if (vectors > 4) {
    v128.store(to, sum4, 64);
    v128.store(to, sum5, 80);
  }
  if (vectors > 6) {
    v128.store(to, sum6, 96);
  }
  if (vectors > 7) v128.store(to, sum7, 112);
}
