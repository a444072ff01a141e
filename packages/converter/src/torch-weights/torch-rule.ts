import type { layers } from '@tensorflow/tfjs-layers';
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
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const newShape = axes.map((axis) => shape[axis]);
  const steps = axes.map((axis) => strides[axis]);
  const place = newShape.map(() => 0);
  const result = new Float32Array(values.length);
  let source = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = values[source];
    for (let axis = newShape.length - 1; axis >= 0; axis--) {
      source += steps[axis];
      if (++place[axis] < newShape[axis]) break;
      source -= place[axis] * steps[axis];
      place[axis] = 0;
    }
  }
  return { shape: newShape, values: result };
}

/** A bias, or zeros where the module has none and the layer one. */
export async function biasOf(module: TorchModule, layer: layers.Layer, channels: number): Promise<TorchParameter[]> {
  const hasBias = layer.getConfig().useBias !== false;
  if (!hasBias) return [];
  if (!module.has('bias')) return [{ shape: [channels], values: new Float32Array(channels) }];
  const { values } = await module.read('bias');
  return [{ shape: [values.length], values }]; // MinkowskiEngine's is [1, channels]
}
