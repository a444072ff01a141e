import type { LayersModel } from '@tensorflow/tfjs-layers';
import { PointTransformerV3Block } from '../point-transformer-block/layer.js';
import { serializedNetwork, type SerializedNetworkOptions } from './serialized-network.js';

/** Defaults are those of the published model's code. */
export interface PointTransformerV3Options extends SerializedNetworkOptions {
  /** Cells up to which blocks have a relative bias (`enable_rpe`); default none. */
  readonly relativeBound?: number;
}

/**
 * Point Transformer V3 (Wu et al. 2024): a U-Net of blocks of attention within patches of space-filling curves. Published
 * weights take the curves in a random order; here blocks take `orders` in turns.
 *
 * @returns a model of features `[sites, channels]` and coords `[sites, 1 + rank]`
 * @throws RangeError where stages have not as many depths or heads as channels
 */
export function pointTransformerV3(options: PointTransformerV3Options): LayersModel {
  const { convolution, patchSize = 48, hiddenRatio = 4, axes, smallClouds, relativeBound, strides } = options;
  const stages = {
    encoderChannels: options.encoderChannels ?? [32, 64, 128, 256, 512],
    encoderDepths: options.encoderDepths ?? [2, 2, 2, 6, 2],
    encoderHeads: options.encoderHeads ?? [2, 4, 8, 16, 32],
    decoderChannels: options.decoderChannels ?? [64, 64, 128, 256],
    decoderDepths: options.decoderDepths ?? [2, 2, 2, 2],
    decoderHeads: options.decoderHeads ?? [4, 4, 8, 16],
    orders: options.orders ?? ['z', 'z-trans'],
  };
  return serializedNetwork('pointTransformerV3', options, stages, (name, { channels, heads, order }) => {
    const ofBlock = { name: 'convolution', filters: channels, kernelSize: 3, useBias: true };
    return new PointTransformerV3Block({
      ...{ name, heads, order, patchSize, smallClouds, relativeBound },
      rank: strides?.length,
      axes: axes && [...axes],
      hiddenUnits: hiddenRatio * channels,
      convolution: convolution(ofBlock),
    });
  });
}
