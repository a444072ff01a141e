import { CompressedRows, derivedKey, type KernelMap } from '@tfjs-sparse/core';

const windows = derivedKey<CompressedRows>();

/** The input sites in the window of every output site, ascending. */
export function windowsOf(map: KernelMap): CompressedRows {
  return map.derived(windows, (own) => own(makeWindows(map)));
}

/** Offsets ascend with the last axis fastest, as sites do: taken in their order, the sites of a window ascend. */
function makeWindows(map: KernelMap): CompressedRows {
  const { inSites, outSites, pairCount, identityOffset } = map;
  const starts = new Int32Array(outSites + 1);
  const offsets = map.segments.map(({ start, count, swapped }, offset) => {
    if (offset === identityOffset) {
      const sites = Int32Array.from({ length: outSites }, (_, site) => site);
      return [sites, sites];
    }
    const columns = [map.left.subarray(start, start + count), map.right.subarray(start, start + count)];
    return swapped ? columns.reverse() : columns;
  });
  for (const [, outputs] of offsets) for (const output of outputs) starts[output + 1]++;
  for (let site = 0; site < outSites; site++) starts[site + 1] += starts[site];
  const next = starts.slice();
  const sites = new Int32Array(pairCount);
  for (const [inputs, outputs] of offsets) {
    for (let pair = 0; pair < inputs.length; pair++) sites[next[outputs[pair]]++] = inputs[pair];
  }
  return CompressedRows.from([outSites, inSites], starts, sites);
}
