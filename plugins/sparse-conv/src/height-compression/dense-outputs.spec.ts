import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { sparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { completionAdd } from '../completion-add/op.js';
import { integerSpikes } from '../integer-spikes/op.js';
import { IntegerSpikes, SparseHeightCompression } from '../layers.js';
import { maskedConv2D } from '../masked-conv/op.js';
import { PatchMask } from '../masked-conv/patch-mask.js';
import { reduceAxis } from '../reduce-axis/op.js';
import { heightCompression } from './op.js';

const sites = () => sparseTensor(tf.tensor2d([[1], [2.5]]), [[0, 0, 1], [0, 1, 0]]); // prettier-ignore

describe('layers after sparse convolutions', () => {
  it('make a bird’s-eye view of spikes in a model that is saved and loaded', async () => {
    const features = tfl.input({ shape: [1] });
    const coords = tfl.input({ shape: [3], dtype: 'int32' });
    const spikes = new IntegerSpikes({ levels: 2 }).apply(features) as tfl.SymbolicTensor;
    const layer = new SparseHeightCompression({ spatialShape: [2, 3], axis: 0 });
    const outputs = layer.apply([spikes, coords]) as tfl.SymbolicTensor;
    const model = tfl.model({ inputs: [features, coords], outputs });
    const loaded = await tfl.models.modelFromJSON(model.toJSON(null, false) as never);
    expect(model.outputs[0].shape).toEqual([null, 3, 2]);
    for (const each of [model, loaded]) {
      const y = predict(each, sites()) as tf.Tensor;
      expect(y.shape).toEqual([1, 3, 2]);
      expect(Array.from(await y.data())).toEqual([0, 2, 1, 0, 0, 0]);
    }
  });

  it('leave one tensor', () => {
    const x = sites();
    const before = tf.memory().numTensors;
    heightCompression(x);
    reduceAxis(x, 1, 'mean');
    integerSpikes(x.features);
    expect(tf.memory().numTensors).toBe(before + 3);
  });

  it('find the pixels of a mask once per size', () => {
    const mask = new PatchMask([true, false], [1, 1, 2]);
    expect(mask.pixels('a', 2, 4)).toBe(mask.pixels('b', 2, 4));
    expect(Array.from(mask.pixels('a', 1, 4).coordinates)).toEqual([0, 0, 0, 0, 0, 1]);
  });

  const mask = new PatchMask([1], [1, 1, 1]);
  const refused: [string, () => unknown, string][] = [
    ['another axis', () => heightCompression(sites(), { axis: 2 }), 'heightCompression: axis must be 0 to 1, got 2'],
    ['an axis to drop', () => reduceAxis(sites(), -1, 'sum'), 'reduceAxis: axis must be 0 to 1, got -1'],
    [
      'a reduction',
      () => reduceAxis(sites(), 0, 'min' as never),
      "reduceAxis: reduction must be 'sum', 'mean' or 'max', got min",
    ],
    ['no levels', () => integerSpikes(tf.ones([1]), 0), 'integerSpikes: levels must be an integer >= 1, got 0'],
    [
      'a long mask',
      () => new PatchMask([1, 1], [1, 1, 1]),
      'PatchMask: values must have 1 entries (as the shape), got 2',
    ],
    [
      'a mask of 64 bits',
      () => new PatchMask(BigInt64Array.of(1n) as never, [1, 1, 1]),
      'PatchMask: values must be an array or typed array of numbers, got BigInt64Array',
    ],
    [
      'a mask of 64 bits for a sum',
      () => completionAdd(sites(), sites(), new BigInt64Array(2) as never),
      'completionAdd: mask must be an array or typed array of numbers, got BigInt64Array',
    ],
    [
      'more images than masks',
      () => maskedConv2D(tf.ones([2, 1, 1, 1]), tf.ones([1, 1, 1, 1]), mask),
      'maskedConv2D: x must have shape [1, height, width, channels] (images as the mask), got [2, 1, 1, 1]',
    ],
    [
      'other channels',
      () => maskedConv2D(tf.ones([1, 1, 1, 1]), tf.ones([1, 1, 2, 1]), mask),
      'maskedConv2D: filter must have shape [rows, columns, 1, outChannels] (channels as x), got [1, 1, 2, 1]',
    ],
    [
      'an image of integers',
      () => maskedConv2D(tf.ones([1, 1, 1, 1], 'int32'), tf.ones([1, 1, 1, 1]), mask),
      'maskedConv2D: x must be float32, got int32',
    ],
    [
      'a long bias',
      () => maskedConv2D(tf.ones([1, 1, 1, 1]), tf.ones([1, 1, 1, 1]), mask, { bias: tf.ones([2]) }),
      'maskedConv2D: bias must have shape [1] (the output channels), got [2]',
    ],
    [
      'a filter larger than the image',
      () => maskedConv2D(tf.ones([1, 1, 1, 1]), tf.ones([3, 3, 1, 1]), mask, { padding: 0 }),
      'maskedConv2D: filter must fit the padded image, got [3, 3, 1, 1]',
    ],
    [
      'a skip connection of other channels',
      () => completionAdd(sites(), sparseTensor(tf.ones([1, 2]), [[0, 0, 0]]), [0]),
      'completionAdd: skip must have 1 channels (as x), got 2',
    ],
    [
      'a skip connection on another grid',
      () => completionAdd(sites(), sparseTensor(tf.ones([1, 1]), [[0, 0, 0]], { stride: [1, 2] }), [0]),
      'completionAdd: skip must have stride [1, 1] (as x), got [1, 2]',
    ],
  ];
  for (const [name, run, message] of refused) {
    it(`refuse ${name}`, () => expect(run).toThrowError(message));
  }
});
