import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { SparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { SubmConv3D } from '@tfjs-sparse/sparse-conv/layers';
import { litePT, type LitePTOptions } from '@tfjs-sparse/window-attention/layers';
import { drawSites } from '../../oracle/draw-sites.js';
import { drawTensor, type SourceTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation, Tensors } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { exactLitePT } from './shared/exact-lite-pt.js';
import { litePTWeightNames, litePTWeightShapes, type LitePTSizes } from './shared/lite-pt-weights.js';
import { mapOrder } from './shared/map-order.js';
import { peerLitePT } from './shared/peer-lite-pt.js';

const largest: LitePTSizes = {
  encoderChannels: [1, 1, 1],
  encoderDepths: [2, 2, 2],
  hasConvolution: [true, true, true],
  hasAttention: [true, true, true],
};
const names = litePTWeightNames(largest);

/** The network of layers as a whole, with its weights as operands under their names, dots in place of slashes. */
const network: TensorOperation<LitePTSizes> = {
  op: 'lite-pt',
  inputs: {
    x: 'float32',
    coordinates: 'int32',
    ...Object.fromEntries(names.map((name) => [name, 'float32'])),
  } as Record<string, 'float32' | 'int32'>,
  optional: names,
  outputs: { y: 'float32' },
  attributes: {
    encoderChannels: field.numbers,
    encoderDepths: field.numbers,
    encoderHeads: field.optional(field.numbers),
    hasConvolution: field.listOf(field.flag),
    hasAttention: field.listOf(field.flag),
    decoderChannels: field.optional(field.numbers),
    patchSize: field.optional(field.number),
    hiddenRatio: field.optional(field.number),
  },
  forward({ x, coordinates, ...weights }, sizes) {
    const { map, toSites, toRows } = mapOrder('lite-pt', coordinates);
    const model = litePT({ ...optionsOf(sizes), channels: x.shape[1]! });
    giveWeights(model, weights);
    const y = predict(model, new SparseTensor(toSites(x as tf.Tensor2D), map)) as tf.Tensor2D;
    model.dispose();
    return { y: toRows(y) };
  },
  define: (inputs, sizes) => ({ y: exactLitePT(inputs, sizes) }),
};

function optionsOf(sizes: LitePTSizes): Omit<LitePTOptions, 'channels'> {
  const { encoderChannels, encoderDepths, decoderChannels = [], encoderHeads, patchSize, hiddenRatio } = sizes;
  const ones = <T>(list: readonly T[], value: number) => list.map(() => value);
  return {
    convolution: (args) => new SubmConv3D(args),
    ...{ encoderChannels, encoderDepths, decoderChannels, patchSize, hiddenRatio },
    encoderHeads: encoderHeads ?? ones(encoderChannels, 1),
    encoderConvolutions: sizes.hasConvolution,
    encoderAttention: sizes.hasAttention,
    decoderDepths: ones(decoderChannels, 0),
    decoderHeads: ones(decoderChannels, 1),
  };
}

/** @throws RangeError where the network has a weight that is not given */
function giveWeights(model: LayersModel, weights: Tensors): void {
  model.setWeights(
    model.weights.map(({ originalName }) => {
      const name = originalName.replaceAll('/', '.');
      if (!weights[name]) throw new RangeError(`lite-pt: weight '${name}' must be given, got none`);
      return weights[name];
    }),
  );
}

interface NetworkCase extends LitePTSizes {
  readonly count: number;
  readonly channels: number;
  readonly seed: number;
}

export const operation = defineTensorCases<NetworkCase, LitePTSizes>(
  network,
  ({ count, channels, seed, ...sizes }) => {
    const sites = drawSites({ count, extent: [5, 5, 5], batches: [0, 1], isShuffled: true }, seed);
    let next = seed + 2;
    const weights = Object.entries(litePTWeightShapes(sizes, channels)).map(([name, shape]): [string, SourceTensor] => {
      const drawn = drawTensor(shape, next++);
      const isPositive = name.endsWith('variance');
      return [name, { ...drawn, values: drawn.values.map((value) => Math.fround(isPositive ? 1.5 + value : value)) }];
    });
    return {
      tolerance: { output: 2e-5, gradient: 0, reason: 'a network of 20 layers' },
      inputs: {
        x: drawTensor([count, channels], seed + 1),
        coordinates: { shape: [count, 4], values: sites.flat(), dtype: 'int32' },
        ...Object.fromEntries(weights),
      },
      attrs: sizes,
      gradients: [],
      seed: next,
    };
  },
  (control) => [
    control('two-stages', { count: 20, channels: 3, encoderChannels: [4, 6], encoderDepths: [1, 1], hasConvolution: [true, false], hasAttention: [false, true], decoderChannels: [5], patchSize: 4, hiddenRatio: 2, seed: 7400 }), // prettier-ignore
    control.with('one-stage', { encoderChannels: [6], encoderDepths: [2], hasConvolution: [true], hasAttention: [true], decoderChannels: [] }), // prettier-ignore
    control.with('both-in-one-block', { encoderChannels: [6, 6], hasAttention: [true, true] }),
  ],
);

export const calls: readonly CallCase[] = [
  {
    id: 'lite-pt/decoder-of-three-stages',
    call: () => {
      const convolution = () => new SubmConv3D({ filters: 1, kernelSize: 3 });
      litePT({
        channels: 1,
        convolution,
        decoderChannels: [1, 1, 1],
        decoderDepths: [0, 0, 0],
        decoderHeads: [1, 1, 1],
      });
    },
    error: 'RangeError: litePT: decoderChannels must be none or 4 (one less than of the encoder), got 3',
  },
];

/** LitePT as published, in a small size, by its own weights. */
export const peers = peerLitePT(network);
