import type { LayersModel } from '@tensorflow/tfjs-layers';
import { LitePTBlock } from '../lite-pt-block/layer.js';
import { serializedNetwork, type BlockPlace, type SerializedNetworkOptions } from './serialized-network.js';

/** Defaults are those of LitePT-S. */
export interface LitePTOptions extends SerializedNetworkOptions {
  /** Which stages on the way down have convolutions. */
  readonly encoderConvolutions?: readonly boolean[];
  /** Which stages on the way down have attention. */
  readonly encoderAttention?: readonly boolean[];
  /** Which stages on the way up have convolutions, the finest first; default none. */
  readonly decoderConvolutions?: readonly boolean[];
  /** Which stages on the way up have attention, the finest first; default all that have blocks. */
  readonly decoderAttention?: readonly boolean[];
  /** Base of the angles of PointROPE; default 100. */
  readonly frequency?: number;
}

/**
 * LitePT (prs-eth/LitePT): a U-Net whose fine stages have convolutions and whose coarse stages have attention within patches
 * of space-filling curves. Published weights take the curves in a random order; here blocks take `orders` in turns.
 *
 * @returns a model of features `[sites, channels]` and coords `[sites, 1 + rank]`
 * @throws RangeError where stages have not as many depths or heads as channels
 */
export function litePT(options: LitePTOptions): LayersModel {
  const { convolution, patchSize = 1024, hiddenRatio = 4, axes, smallClouds, frequency } = options;
  const stages = {
    encoderChannels: options.encoderChannels ?? [36, 72, 144, 252, 504],
    encoderDepths: options.encoderDepths ?? [2, 2, 2, 6, 2],
    encoderHeads: options.encoderHeads ?? [2, 4, 8, 14, 28],
    decoderChannels: options.decoderChannels ?? [72, 72, 144, 252],
    decoderDepths: options.decoderDepths ?? [0, 0, 0, 0],
    decoderHeads: options.decoderHeads ?? [4, 4, 8, 14],
    orders: options.orders ?? ['z', 'z-trans', 'hilbert', 'hilbert-trans'],
  };
  const has = (kind: 'convolution' | 'attention', { way, stage }: BlockPlace): boolean => {
    const { encoderConvolutions = [true, true, true, false, false] } = options;
    const { encoderAttention = [false, false, false, true, true] } = options;
    if (way === 'encoder') return (kind === 'convolution' ? encoderConvolutions : encoderAttention)[stage];
    return kind === 'convolution'
      ? (options.decoderConvolutions?.[stage] ?? false)
      : (options.decoderAttention?.[stage] ?? true);
  };
  return serializedNetwork('litePT', options, stages, (name, place) => {
    const { channels, heads, order } = place;
    const ofBlock = { name: 'convolution', filters: channels, kernelSize: 3, useBias: true };
    return new LitePTBlock({
      ...{ name, heads, order, patchSize, smallClouds, frequency },
      axes: axes && [...axes],
      hiddenUnits: hiddenRatio * channels,
      attention: has('attention', place),
      convolution: has('convolution', place) ? convolution(ofBlock) : null,
    });
  });
}
