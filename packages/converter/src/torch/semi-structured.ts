import { dtypeBytes } from '../checkpoint/dtypes.js';
import { StoredTensor } from '../checkpoint/stored-tensor.js';
import { FormatError, requireFormat } from '../format-error.js';
import { PickleDict, PickleExtension, PickleTuple, type PickleGlobal, type PickleValue } from './pickle/values.js';

const reader = 'readTorch';

/**
 * A 2:4 weight as torch packs it for CUTLASS (torch/sparse/_semi_structured_conversions.py): the kept half of each row, and
 * for each group of four the two places of the kept, four bits a group, in words that are reordered.
 */
export class SemiStructuredTensor extends PickleExtension {
  /** Bytes of what a group has four of: float32 counts as pairs of halves. */
  readonly #unitBytes: number;

  constructor(
    /** `[rows, columns / 2]` */
    readonly values: StoredTensor,
    /** int16, for int8 values int32, `[rows, words of a row]` in the kernels' order. */
    readonly meta: StoredTensor,
    readonly shape: readonly number[],
  ) {
    super();
    this.#unitBytes = values.dtype === 'int8' ? 1 : 2;
    const { dtype, shape: packed } = values;
    const [rows, columns] = shape;
    const isMatrix = shape.length === 2 && packed.join() === [rows, columns / 2].join();
    requireFormat(isMatrix, reader, `a 2:4 weight must have half of the columns of [${shape}]`, packed);
    const wordGroups = dtype === 'int8' ? 8 : 4;
    const words = (columns * dtypeBytes[dtype]) / this.#unitBytes / 4 / wordGroups;
    const rowGroup = dtype === 'int8' ? 16 : 32;
    const isMeta = meta.dtype === (dtype === 'int8' ? 'int32' : 'int16') && meta.size === rows * words;
    requireFormat(
      isMeta && rows % rowGroup === 0,
      reader,
      `its metadata must be of ${rows} x ${words} words`,
      meta.shape,
    );
  }

  /** All elements, row-major. */
  async denseBytes(): Promise<Uint8Array<ArrayBuffer>> {
    const [values, meta] = [await this.values.bytes(), await this.meta.bytes()];
    const view = new DataView(meta.buffer, meta.byteOffset, meta.length);
    const [rows, columns] = this.shape;
    const unit = this.#unitBytes;
    const rowBytes = columns * dtypeBytes[this.values.dtype];
    const isByte = unit === 1;
    const wordGroups = isByte ? 8 : 4;
    const dense = new Uint8Array(rows * rowBytes);
    for (let row = 0; row < rows; row++) {
      for (let group = 0; group < rowBytes / unit / 4; group++) {
        const at = wordPlace(row, Math.floor(group / wordGroups), rows, isByte);
        const word = isByte ? view.getUint32(4 * at, true) : view.getUint16(2 * at, true);
        const bits = (word >>> (4 * (group % wordGroups))) & 15;
        [bits & 3, bits >> 2].forEach((place, kept) => {
          const from = row * (rowBytes / 2) + (2 * group + kept) * unit;
          dense.set(values.subarray(from, from + unit), row * rowBytes + (4 * group + place) * unit);
        });
      }
    }
    return dense;
  }
}

/** Where the kernels have the metadata of a row: rows reordered, blocks of 2 x 2 swizzled, columns in interleaved pairs. */
function wordPlace(row: number, column: number, rows: number, isByte: boolean): number {
  const [group, interweave] = isByte ? [16, 2] : [32, 4];
  const moved = row - (row % group) + (row % 8) * interweave + Math.floor((row % group) / 8);
  const isSwapped = moved % 2 !== column % 2;
  const step = isSwapped ? (moved % 2 === 0 ? 1 : -1) : 0;
  const [newRow, newColumn] = [moved + step, column - step];
  return Math.floor(newColumn / 2) * rows * 2 + newRow * 2 + (newColumn % 2);
}

const classes = /^torch\.sparse\.semi_structured\.SparseSemiStructuredTensor(CUTLASS|CUSPARSELT)?$/;

/** Whether a class of torch packs 2:4 weights. */
export function isSemiStructured({ path }: PickleGlobal): boolean {
  return classes.test(path);
}

/**
 * The tensor of such a class, of what `_rebuild_wrapper_subclass` and the state have.
 *
 * @param args  class, dtype, shape and so on
 * @param state attributes, and the slots by name
 * @throws FormatError for weights that cuSPARSELt has packed, whose layout is not public
 */
export function semiStructured(
  made: PickleGlobal,
  args: readonly PickleValue[],
  state: PickleValue | undefined,
): SemiStructuredTensor {
  const slots = state instanceof PickleTuple ? state.items.find((item) => item instanceof PickleDict && item.entries.has('packed')) : state; // prettier-ignore
  const [values, meta] = ['packed', 'meta'].map((name) => (slots instanceof PickleDict ? slots.get(name) : undefined));
  if (made.path.endsWith('CUSPARSELT') || !(meta instanceof StoredTensor)) {
    throw new FormatError(`${reader}: a 2:4 weight must be saved dense (weight.to_dense()), got one that cuSPARSELt has packed`); // prettier-ignore
  }
  requireFormat(values instanceof StoredTensor, reader, 'a 2:4 weight must have its packed values', 'none');
  const shape = args[2] instanceof PickleTuple ? args[2].items.map(Number) : [];
  return new SemiStructuredTensor(values, meta, shape);
}
