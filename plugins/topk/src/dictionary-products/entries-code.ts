import type { EntryLayout } from '../k-sparse/entry-layout.js';

/** WGSL on `indices`: `firstOf(row)`, `rowOf(entry)` and `featureOf(entry, row)`, which is -1 for an entry that is none. */
export function entriesCode({ k }: EntryLayout): string {
  return k === null ? flatCode : rowCode;
}

/** WGSL: `rowOf(entry)`, which reads `indices` for entries in one list alone. */
export function rowOfCode({ k }: EntryLayout): string {
  return k === null ? flatRowCode : rowRowCode;
}

export function layoutKey({ k }: EntryLayout): string {
  return k === null ? 'flat' : 'rows';
}

export function layoutUniforms({ features, k }: EntryLayout, entries: number): Record<string, number> {
  return { features, entries, ...(k !== null && { k }) };
}

const knownCode = /* wgsl */ `
  // What the device computed or the user uploaded is not checked before it gets here.
  fn known(feature : i32) -> i32 { return select(-1, feature, feature < uniforms.features); }`;

const rowRowCode = 'fn rowOf(entry : i32) -> i32 { return entry / uniforms.k; }';
const flatRowCode = 'fn rowOf(entry : i32) -> i32 { return max(indices[entry], 0) / uniforms.features; }';

const rowCode = /* wgsl */ `
  ${knownCode}
  ${rowRowCode}
  fn firstOf(row : i32) -> i32 { return row * uniforms.k; }
  fn featureOf(entry : i32, row : i32) -> i32 { return known(indices[entry]); }`;

const flatCode = /* wgsl */ `
  ${knownCode}
  // The first entry of the row, by bisection.
  fn firstOf(row : i32) -> i32 {
    var low = 0;
    var high = uniforms.entries;
    while (low < high) {
      let middle = (low + high) / 2;
      if (indices[middle] < row * uniforms.features) { low = middle + 1; } else { high = middle; }
    }
    return low;
  }
  ${flatRowCode}
  fn featureOf(entry : i32, row : i32) -> i32 { return known(max(indices[entry] - row * uniforms.features, -1)); }`;
