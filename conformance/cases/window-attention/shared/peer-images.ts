import type { Safetensors, SafetensorsTensor } from '@tfjs-sparse/core';
import { channelsLast } from '../../../src/golden-tensors.js';
import { inputsFirst } from './peer-tables.js';

/** `[batches, channels, height, width]` with channels last. */
export function imagesOf({ shape, values }: SafetensorsTensor): SafetensorsTensor {
  const [batches, channels, height, width] = shape;
  return {
    dtype: 'F32',
    shape: [batches, height, width, channels],
    values: channelsLast(values as Float32Array, shape),
  };
}

/** Torch's convolution and normalization by our names, `prefix` in front; of gradients there are no statistics. */
export function pointwiseTensors(
  file: Safetensors,
  from: string,
  prefix: string,
  hasStatistics: boolean,
): Record<string, SafetensorsTensor> {
  const tensor = (name: string) => file.tensors.get(`${from}.${name}`)!;
  return {
    [`${prefix}filter`]: inputsFirst(tensor('0.weight')),
    [`${prefix}bias`]: tensor('0.bias'),
    [`${prefix}scale`]: tensor('1.weight'),
    [`${prefix}offset`]: tensor('1.bias'),
    ...(hasStatistics && {
      [`${prefix}mean`]: tensor('1.running_mean'),
      [`${prefix}variance`]: tensor('1.running_var'),
    }),
  };
}
