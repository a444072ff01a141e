import { requireFormat } from '../format-error.js';
import { PickleExtension } from '../torch/pickle/values.js';
import { dtypeBytes } from './dtypes.js';
import { integersOf, requireDenseSize } from './sparse-tensors.js';
import type { StoredTensor } from './stored-tensor.js';

const reader = 'bitmask tensor';

/** A weight of compressed-tensors (llm-compressor): its non-zeros, and a bit for each element. */
export class BitmaskTensor extends PickleExtension {
  constructor(
    /** The elements whose bits are set, row by row, of any shape. */
    readonly values: StoredTensor,
    /** uint8 `[...shape but the last, ceil(last / 8)]`, the lowest bit first. */
    readonly bitmask: StoredTensor,
    readonly shape: readonly number[],
  ) {
    super();
    requireDenseSize(shape);
    const expected = [...shape.slice(0, -1), Math.ceil((shape.at(-1) ?? 0) / 8)];
    const isMask = bitmask.dtype === 'uint8' && bitmask.shape.join() === expected.join();
    requireFormat(isMask, reader, `the bitmask must be uint8 [${expected.join(', ')}] (shape)`, bitmask.shape);
  }

  /** All elements, row-major. @throws FormatError unless as many bits are set as there are values */
  async denseBytes(): Promise<Uint8Array<ArrayBuffer>> {
    const width = dtypeBytes[this.values.dtype];
    const [values, bits] = [await this.values.bytes(), await this.bitmask.bytes()];
    const columns = this.shape.at(-1) ?? 0;
    const rowBytes = Math.ceil(columns / 8);
    const dense = new Uint8Array(this.shape.reduce((product, length) => product * length, 1) * width);
    let next = 0;
    for (let element = 0; element * width < dense.length; element++) {
      const [row, column] = [Math.floor(element / columns), element % columns];
      if (((bits[row * rowBytes + (column >> 3)] >> (column & 7)) & 1) === 0) continue;
      dense.set(values.subarray(next * width, (next + 1) * width), element * width);
      next++;
    }
    requireFormat(next === this.values.size, reader, `as many bits must be set as there are values (${this.values.size})`, next); // prettier-ignore
    return dense;
  }
}

/**
 * Puts the parts of such weights together: `<name>.compressed`, `.bitmask` and `.shape` (2:4, whose name leaves `.weight` out)
 * or with `.row_offsets` become `<name>.weight`; the other tensors stay.
 */
export async function withBitmasks(
  tensors: ReadonlyMap<string, StoredTensor>,
): Promise<Map<string, StoredTensor | BitmaskTensor>> {
  const found = new Map<string, StoredTensor | BitmaskTensor>(tensors);
  for (const [name, values] of tensors) {
    const base = /^(.*)\.compressed$/.exec(name)?.[1];
    const [bitmask, shape] = ['bitmask', 'shape'].map((part) => tensors.get(`${base}.${part}`));
    if (base === undefined || !bitmask || !shape) continue;
    const sizes = integersOf(await shape.bytes(), shape.dtype);
    for (const part of ['compressed', 'bitmask', 'shape', 'row_offsets']) found.delete(`${base}.${part}`);
    found.set(/(^|\.)weight$/.test(base) ? base : `${base}.weight`, new BitmaskTensor(values, bitmask, sizes));
  }
  return found;
}
