import { serialization } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import type { ConvolutionArgs, SerializedNetworkOptions } from '../../layers.js';

/** What no weight of Point Transformer V3 or LitePT says. */
export type SerializedSettings = Partial<
  Pick<
    SerializedNetworkOptions,
    'convolution' | 'encoderHeads' | 'decoderHeads' | 'patchSize' | 'orders' | 'strides' | 'axes' | 'smallClouds'
  >
>;

/** Pointcept's configurations for all data sets, in the order in which they stand there. */
export const published = { patchSize: 1024, orders: ['z', 'z-trans', 'hilbert', 'hilbert-trans'] } as const;

/**
 * Heads of a stage: the given ones, or as many as published networks have with their channels of a head.
 *
 * @throws RangeError where channels are no multiple of those
 */
export function headsOf(
  op: string,
  name: 'encoderHeads' | 'decoderHeads',
  channels: readonly number[],
  depths: readonly number[],
  channelsOfHead: number,
  given: readonly number[] | undefined,
): readonly number[] {
  if (given) return given;
  return channels.map((count, stage) => {
    const isMultiple = depths[stage] === 0 || count % channelsOfHead === 0;
    const rule = `${name} must be given where channels are no multiple of ${channelsOfHead} (published networks' of a head)`;
    requireRange(isMultiple, op, rule, channels);
    return Math.max(1, Math.floor(count / channelsOfHead));
  });
}

/** The convolution of sparse-conv, by its name in tfjs' registry: plugins do not import each other. */
export function registeredConvolution(op: string): (args: ConvolutionArgs) => layers.Layer {
  const entry = serialization.SerializationMap.getMap().classNameMap.SubmConv3D;
  requireRange(!!entry, op, "SubmConv3D must be registered (import '@tfjs-sparse/sparse-conv/layers') or convolution given", 'neither'); // prettier-ignore
  const [layerClass, fromConfig] = entry;
  return (args) => fromConfig(layerClass, { ...args }) as layers.Layer;
}
