import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { inGivenOrder, inSiteOrder, sparseTensor } from './sparse-tensor.js';

const sorted = [[0, 1], [0, 4], [1, 0]]; // prettier-ignore
const unsorted = [[1, 0], [0, 1], [0, 4]]; // prettier-ignore
const features = (): tf.Tensor2D => tf.tensor2d([[1], [2], [3]]);

describe('sparseTensor', () => {
  it('leaves the given features to the caller, whether it sorts or not', async () => {
    for (const rows of [sorted, unsorted]) {
      const given = features();
      const before = tf.memory().numTensors;
      const x = sparseTensor(given, rows);
      expect(tf.memory().numTensors).toBe(before + 1);
      x.dispose();
      expect(tf.memory().numTensors).toBe(before);
      expect(await given.data()).toEqual(Float32Array.of(1, 2, 3));
      const y = sparseTensor(given, x.map);
      given.dispose();
      expect(await y.features.data()).toEqual(Float32Array.of(1, 2, 3));
      y.dispose();
    }
  });

  it('tells the order in which sites were given, and keeps it with other features', () => {
    expect(sparseTensor(features(), sorted).order).toBeNull();
    const x = sparseTensor(features(), unsorted);
    expect(x.order).toEqual(Int32Array.of(1, 2, 0));
    expect(x.withFeatures(features()).order).toBe(x.order);
  });

  it('moves rows of any dtype and rank between the two orders, with gradients', async () => {
    const x = sparseTensor(features(), unsorted);
    const given: tf.Tensor[] = [
      tf.tensor1d([7, 8, 9], 'int32'),
      tf.tensor2d([[0.5], [1.5], [2.5]]),
      tf.tensor3d([[[true]], [[false]], [[false]]], [3, 1, 1], 'bool'),
    ];
    for (const rows of given) {
      const ofSites = inSiteOrder(x, rows);
      expect(ofSites.dtype).toBe(rows.dtype);
      expect(ofSites.shape).toEqual(rows.shape);
      const values = Array.from(await rows.data());
      expect(Array.from(await ofSites.data())).toEqual([values[1], values[2], values[0]]);
      expect(Array.from(await inGivenOrder(x, ofSites).data())).toEqual(values);
    }
    const weighted = (rows: tf.Tensor): tf.Scalar => tf.sum(tf.mul(inGivenOrder(x, rows), given[1]));
    expect(await tf.grad(weighted)(features()).data()).toEqual(Float32Array.of(1.5, 2.5, 0.5));
    expect(() => inGivenOrder(x, tf.ones([2, 1]))).toThrowError(
      'inGivenOrder: rows must have shape [3, ...] (one row per site), got [2, 1]',
    );
  });

  it('takes coordinates in any array of whole numbers, and in an int32 tensor', () => {
    const flat = unsorted.flat();
    const given = [flat, Float64Array.from(flat), Uint8Array.from(flat), Int32Array.from(flat), tf.tensor2d(unsorted, [3, 2], 'int32')]; // prettier-ignore
    for (const coordinates of given) {
      const { map } = sparseTensor(features(), coordinates, { rank: 1 });
      expect(Array.from(map.coordinates)).toEqual(sorted.flat());
    }
  });

  it('says what it cannot take', () => {
    expect(() => sparseTensor(features(), BigInt64Array.of(0n, 1n, 0n, 2n, 0n, 3n) as never, { rank: 1 })).toThrowError(
      TypeError,
      'CoordinateMap: coordinates must be an array or typed array of numbers, got BigInt64Array',
    );
    expect(() => sparseTensor(features(), tf.tensor2d(unsorted))).toThrowError(
      TypeError,
      'sparseTensor: a tensor of coordinates must be int32 [sites, 1 + rank], got float32 [3, 2]',
    );
  });
});
