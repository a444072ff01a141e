import type { layers, LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { SparseBatchNormalization } from '@tfjs-sparse/layers';
import { Gelu } from '../gelu/layer.js';
import { SerializedPooling, SerializedUnpooling } from '../serialized-pooling/layer.js';
import type { Serialization } from '../serialized-patches/op.js';
import { networkOf, onSites, siteInputs, toNewSites, type SymbolicSites } from './symbolic.js';

/** What a convolution of a network is made with. */
export interface ConvolutionArgs {
  name: string;
  filters: number;
  kernelSize: number;
  useBias: boolean;
}

export interface SerializedNetworkOptions {
  /** Of the input features. */
  readonly channels: number;
  /** Makes a convolution that keeps the sites: `(args) => new SubmConv3D(args)` with the layer of sparse-conv. */
  readonly convolution: (args: ConvolutionArgs) => layers.Layer;
  /** Channels of each stage on the way down. */
  readonly encoderChannels?: readonly number[];
  /** Blocks of each stage on the way down. */
  readonly encoderDepths?: readonly number[];
  /** Heads of each stage on the way down. */
  readonly encoderHeads?: readonly number[];
  /** Channels of each stage on the way up, the finest first; `[]` for an encoder alone. */
  readonly decoderChannels?: readonly number[];
  /** Blocks of each stage on the way up, the finest first. */
  readonly decoderDepths?: readonly number[];
  /** Heads of each stage on the way up, the finest first. */
  readonly decoderHeads?: readonly number[];
  /** Sites of a patch. */
  readonly patchSize?: number;
  /** Curves that the blocks of a stage take in turns. */
  readonly orders?: readonly Serialization[];
  /** Channels of feed-forward parts, per channel of the block; default 4. */
  readonly hiddenRatio?: number;
  /** Cells that become one between two stages, on each axis; default 2. */
  readonly strides?: readonly number[];
  /** The axes of the map in the order of the curves; default all. */
  readonly axes?: readonly number[];
  /** See `serializedPatches`; default 'shortPatch'. */
  readonly smallClouds?: 'shortPatch' | 'smallestCloud';
  /** Default none: the network gives the features of its last stage. */
  readonly classes?: number;
}

/** Where a block of a network is, and with how many channels and heads. */
export interface BlockPlace {
  readonly way: 'encoder' | 'decoder';
  readonly stage: number;
  readonly channels: number;
  readonly heads: number;
  readonly order: Serialization;
}

type Stages = Required<
  Pick<
    SerializedNetworkOptions,
    | 'encoderChannels'
    | 'encoderDepths'
    | 'encoderHeads'
    | 'decoderChannels'
    | 'decoderDepths'
    | 'decoderHeads'
    | 'orders'
  >
>;

/**
 * The U-Net of Point Transformer V3 and LitePT: a convolution of size 5, stages that halve the grid and come back.
 *
 * @param blockAt makes a block; the name is of the layer
 * @throws RangeError where stages have not as many depths or heads as channels
 */
export function serializedNetwork(
  op: string,
  { channels, convolution, strides = [2, 2, 2], classes }: SerializedNetworkOptions,
  stages: Stages,
  blockAt: (name: string, place: BlockPlace) => layers.Layer,
): LayersModel {
  const { encoderChannels, decoderChannels, orders } = stages;
  requireStages(op, stages);
  const inputs = siteInputs(channels, strides.length);
  const stem = convolution({ name: 'stem', filters: encoderChannels[0], kernelSize: 5, useBias: false });
  const convolved = onSites(stem, inputs).features;
  const normalized = new SparseBatchNormalization({ name: 'stem_norm' }).apply(convolved) as SymbolicTensor;
  let x: SymbolicSites = { ...inputs, features: new Gelu({ name: 'stem_gelu' }).apply(normalized) as SymbolicTensor };
  const runBlocks = (way: BlockPlace['way'], stage: number, depth: number, width: number, heads: number) => {
    for (let block = 0; block < depth; block++) {
      const place = { way, stage, channels: width, heads, order: orders[block % orders.length] };
      x = onSites(blockAt(`${way}${stage}_block${block}`, place), x);
    }
  };
  const levels: SymbolicSites[] = [];
  encoderChannels.forEach((filters, stage) => {
    if (stage > 0) {
      levels.push(x);
      x = toNewSites(new SerializedPooling({ name: `pool${stage}`, filters, strides: [...strides] }), x);
    }
    runBlocks('encoder', stage, stages.encoderDepths[stage], filters, stages.encoderHeads[stage]);
  });
  for (let stage = decoderChannels.length - 1; stage >= 0; stage--) {
    const fine = levels[stage];
    const filters = decoderChannels[stage];
    const up = new SerializedUnpooling({ name: `unpool${stage}`, filters, strides: [...strides] });
    const features = up.apply([fine.features, fine.coords, x.features, x.coords]) as SymbolicTensor;
    x = { features, coords: fine.coords };
    runBlocks('decoder', stage, stages.decoderDepths[stage], filters, stages.decoderHeads[stage]);
  }
  return networkOf(op, inputs, x, classes);
}

function requireStages(op: string, stages: Stages): void {
  for (const way of ['encoder', 'decoder'] as const) {
    const count = stages[`${way}Channels`].length;
    for (const name of [`${way}Depths`, `${way}Heads`] as const) {
      const rule = `${name} must be ${count} (${way}Channels)`;
      requireRange(stages[name].length === count, op, rule, stages[name].length);
    }
  }
  const levels = stages.encoderChannels.length - 1;
  const { length } = stages.decoderChannels;
  requireRange(levels >= 0, op, 'encoderChannels must be one or more', 0);
  requireRange(length === 0 || length === levels, op, `decoderChannels must be none or ${levels} (one less than of the encoder)`, length); // prettier-ignore
  requireRange(stages.orders.length > 0, op, 'orders must be one or more', 0);
}
