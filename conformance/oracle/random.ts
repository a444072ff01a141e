/** Uniform numbers in [0, 1) from integer arithmetic only: the same on every engine. Mulberry32 (Ettinger, 2017). */
export function uniformFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `[rows][columns]` of numbers in [-1, 1) that float32 holds exactly. */
export function drawRows(next: () => number, rowCount: number, columns: number): number[][] {
  return Array.from({ length: rowCount }, () => Array.from({ length: columns }, () => Math.fround(next() * 2 - 1)));
}
