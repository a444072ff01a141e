import { outputRule } from './golden-convolution.js';
import type { GoldenCase, GoldenLayer } from './golden-file.js';
import { layerGeometry } from './golden-geometry.js';
import { layerTensorName } from './golden-leaves.js';

/** A pool as its op takes it. */
export interface PoolOptions {
  /** Absent where `offsets` list the windows' cells. */
  readonly poolSize?: readonly number[];
  readonly kernelShape?: 'cross';
  readonly offsets?: readonly (readonly number[])[];
  readonly strides: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly outputRule: 'covering' | 'coveringFromMinimum' | 'floor';
}

/** The options of a pooling layer, from the displacements of its windows where the golden has them. */
export function poolOptions(layer: GoldenLayer, golden: GoldenCase, rank: number): PoolOptions {
  const each = (value: number) => Array<number>(rank).fill(value);
  const { stride = layer.out_tensor_stride ?? layer.m ?? each(1), padding = each(0), dilation = each(1) } = layer;
  const { taps, kernel_size: poolSize = taps ? undefined : stride, kernel_shape: kernelShape } = layer;
  const stated = { poolSize, kernelShape, offsets: taps, strides: stride, padding, dilation };
  const offsets = golden.tensors.get(layerTensorName(golden, 'offsets', layer))?.values as Int32Array | undefined;
  if (!offsets) return { ...stated, outputRule: outputRule(layer) };
  const kernelSize = layer.kernel_size ?? sizeOf(offsets, rank);
  const geometry = layerGeometry({ ...layer, kernel_size: kernelSize, stride }, offsets, rank);
  return { ...geometry, poolSize: kernelSize, outputRule: outputRule(layer) };
}

/** Different displacements per axis. */
function sizeOf(offsets: Int32Array, rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => new Set(offsets.filter((_value, i) => i % rank === axis)).size);
}
