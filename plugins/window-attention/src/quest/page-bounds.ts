import { max, min, pad, reshape, tidy, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { requireRange, requireType } from '@tfjs-sparse/core';

/** `[batches, keyHeads, pages, channels]`: the least and the greatest of each channel of the keys of each page. */
export interface PageBounds {
  readonly least: Tensor4D;
  readonly greatest: Tensor4D;
}

/**
 * The bounds of pages of keys, for `quest`. Made once of a prompt's keys; of a page that is full they do not change.
 *
 * @param k        `[batches, keyHeads, keys, channels]`
 * @param pageSize keys of a page; the last one may have fewer
 * @throws RangeError or TypeError for other keys, and for a pageSize that is no integer of at least 1
 */
export function pageBounds(k: Tensor4D, pageSize: number): PageBounds {
  requireType(k.dtype === 'float32', op, 'k must be float32', k.dtype);
  requireRange(k.rank === 4, op, 'k must be [batches, heads, tokens, channels]', k.shape);
  requireRange(Number.isInteger(pageSize) && pageSize >= 1, op, 'pageSize must be an integer of at least 1', pageSize);
  const [batches, heads, keys, channels] = k.shape;
  const pages = Math.ceil(keys / pageSize);
  const inPages = (outermost: number): Tensor => {
    const whole = pad(k, [[0, 0], [0, 0], [0, pages * pageSize - keys], [0, 0]], outermost); // prettier-ignore
    return reshape(whole, [batches * heads, pages, pageSize, channels]);
  };
  return tidy(() => ({
    least: reshape(min(inPages(beyond), 2), [batches, heads, pages, channels]) as Tensor4D,
    greatest: reshape(max(inPages(-beyond), 2), [batches, heads, pages, channels]) as Tensor4D,
  }));
}

const op = 'pageBounds';
const beyond = 3e38; // every key of float32 is nearer to 0
