import type { layers } from '@tensorflow/tfjs-layers';
import { permutedElements } from '../graph/permuted-elements.js';
import type { TorchModule, TorchParameter } from './torch-module.js';

/** How layers of some classes take the tensors of a torch module. */
export interface TorchRule {
  /** Class names of layers. */
  readonly layers: readonly string[];
  /** The layer's weights, in the order of `getWeights()`, or why the module is none of its kind. */
  weights(module: TorchModule, layer: layers.Layer): Promise<readonly TorchParameter[] | string>;
}

/**
 * Axes in another order: axis i of the result is axis `axes[i]` of the parameter.
 *
 * @throws nothing: `axes` must be a permutation of the parameter's axes
 */
export function permuted({ shape, values }: TorchParameter, axes: readonly number[]): TorchParameter {
  return { shape: axes.map((axis) => shape[axis]), values: permutedElements(values, shape, axes) };
}

/** A bias, or zeros where the module has none and the layer one. */
export async function biasOf(module: TorchModule, layer: layers.Layer, channels: number): Promise<TorchParameter[]> {
  const hasBias = layer.getConfig().useBias !== false;
  if (!hasBias) return [];
  if (!module.has('bias')) return [{ shape: [channels], values: new Float32Array(channels) }];
  const { values } = await module.read('bias');
  return [{ shape: [values.length], values }]; // MinkowskiEngine's is [1, channels]
}
