import type { WindowFields } from '../../../oracle/convolution-layers.js';
import type { GoldenCase } from '../../../src/golden-file.js';
import { integersOf, layerTensorName } from '../../../src/golden-tensors.js';
import type { LayerBase } from '../../../src/layer-definition.js';
import { outputRule } from './convolution-options.js';
import { layerGeometry } from './golden-geometry.js';
import { requireMultiplier } from './window-fields.js';

/** The options of a pooling layer, from the displacements of its windows where the golden has them. */
export function poolOptions(layer: LayerBase & WindowFields, golden: GoldenCase, rank: number) {
  requireMultiplier(layer);
  const each = (value: number) => Array<number>(rank).fill(value);
  const { stride = layer.out_tensor_stride ?? layer.m ?? each(1), dilation = each(1) } = layer;
  const { taps, kernel_size: poolSize = taps ? undefined : stride, kernel_shape: kernelShape } = layer;
  const isCentred = layer.output_set === 'same' && poolSize !== undefined;
  const { padding = isCentred ? poolSize.map((size, axis) => (dilation[axis] * (size - 1)) / 2) : each(0) } = layer;
  const name = layerTensorName(golden, 'offsets', layer);
  if (!golden.tensors.has(name)) {
    return {
      poolSize,
      kernelShape,
      offsets: taps,
      strides: stride,
      padding,
      dilation,
      outputRule: outputRule(layer.output_set),
    };
  }
  const offsets = integersOf(golden, name);
  const kernelSize = layer.kernel_size ?? sizeOf(offsets, rank);
  const geometry = layerGeometry({ ...layer, kernel_size: kernelSize, stride }, offsets, rank);
  const { strides, padding: lowest, dilation: steps } = geometry;
  return { poolSize: kernelSize, strides, padding: lowest, dilation: steps, outputRule: outputRule(layer.output_set) };
}

/** Different displacements per axis. */
function sizeOf(offsets: Int32Array, rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => new Set(offsets.filter((_value, i) => i % rank === axis)).size);
}
