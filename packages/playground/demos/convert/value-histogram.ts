import { denseBytes, dtypeOf, elementValues, StoredTensor, type Checkpoint } from '@tfjs-sparse/converter/checkpoints';
import type { Histogram } from './tasks.js';

type Tensor = Checkpoint['tensors'][number]['tensor'];

const parts = 48;
const elementsAtOnce = 2 ** 20; // so that memory does not grow with the file

/** How often values of a tensor are in equal parts of their range, in two passes over it. */
export async function valueHistogram(tensor: Tensor): Promise<Histogram> {
  let [low, high, zeros, notFinite] = [Infinity, -Infinity, 0, 0];
  for await (const values of valuesOf(tensor)) {
    for (const value of values) {
      if (!Number.isFinite(value)) notFinite++;
      else if (value === 0) zeros++;
      low = value < low && value !== -Infinity ? value : low;
      high = value > high && value !== Infinity ? value : high;
    }
  }
  if (low > high) return { low: 0, high: 0, counts: [], zeros, notFinite };
  const counts = new Array<number>(parts).fill(0);
  const scale = high > low ? parts / (high - low) : 0;
  for await (const values of valuesOf(tensor)) {
    for (const value of values) {
      if (Number.isFinite(value) && value !== 0) counts[Math.min(Math.floor((value - low) * scale), parts - 1)]++;
    }
  }
  return { low, high, counts, zeros, notFinite };
}

async function* valuesOf(tensor: Tensor): AsyncGenerator<ArrayLike<number> & Iterable<number>> {
  const dtype = dtypeOf(tensor);
  const isInParts = tensor instanceof StoredTensor && tensor.isContiguous && !tensor.storage.isBigEndian;
  const size = isInParts ? tensor.size : 1;
  for (let first = 0; first < size; first += elementsAtOnce) {
    const bytes = isInParts
      ? await tensor.bytesOf(first, Math.min(elementsAtOnce, size - first))
      : await denseBytes(tensor);
    const values = elementValues(bytes, dtype);
    const isBig = values instanceof BigInt64Array || values instanceof BigUint64Array;
    yield isBig ? Float64Array.from(values, Number) : values;
  }
}
