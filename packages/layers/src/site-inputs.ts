import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { SymbolicTensor, type layers, type Shape } from '@tensorflow/tfjs-layers';
import { coordinateMapOf, requireRange, SparseTensor, type CoordinateMap } from '@tfjs-sparse/core';
import { currentCoordinates, pushCoordinates } from './coordinate-scope.js';

// A layer on sparse tensors is called with `[features, coords]`, as in `tf.model`, or with `features` alone, as in
// `tf.sequential`, where the sites come from the run (`withCoordinates`).

type LayerOutputs = ReturnType<layers.Layer['apply']>;

/** The SparseTensor that the inputs of the layer `layerName` stand for. */
export function sparseInput(layerName: string, inputs: Tensor | Tensor[]): SparseTensor {
  const [features, coords] = Array.isArray(inputs) ? inputs : [inputs];
  const map = coords ? coordinateMapOf(coords) : currentCoordinates(layerName);
  return new SparseTensor(features as Tensor2D, map);
}

/** The sites given as the third input of an inverse layer. */
export function targetInput(layerName: string, inputs: Tensor[]): CoordinateMap {
  const rule = 'inputs must be features, coords and target coords';
  requireRange(inputs.length === 3, layerName, rule, inputs.length);
  return coordinateMapOf(inputs[2]);
}

/** The sites given as the third input of a layer that can do without, if they are. */
export function givenTarget(layerName: string, inputs: Tensor | Tensor[]): CoordinateMap | undefined {
  return Array.isArray(inputs) && inputs.length > 2 ? targetInput(layerName, inputs) : undefined;
}

/** The output of a layer that changes the sites: features and coords, or features alone as `inputs` were. */
export function onNewSites(layerName: string, y: SparseTensor, inputs: Tensor | Tensor[]): Tensor | Tensor[] {
  if (hasCoordinates(inputs)) return [y.features, y.map.toTensor()];
  pushCoordinates(layerName, y.map);
  return y.features;
}

/** True where a layer got coords, so that one that changes the sites gives `[features, coords]` back. */
export function hasCoordinates(inputs: Tensor | Tensor[] | Shape | Shape[]): boolean {
  return Array.isArray(inputs) && inputs.length > 1 && (Array.isArray(inputs[0]) || isTensor(inputs[0]));
}

/** Marks symbolic coords as int32: tfjs gives every output float32 and would cast the coords, which loses their map. */
export function withIntegerCoordinates(outputs: LayerOutputs): LayerOutputs {
  if (Array.isArray(outputs) && outputs[1] instanceof SymbolicTensor) Object.assign(outputs[1], { dtype: 'int32' });
  return outputs;
}

/** The shape `[sites, channels]` of the features among the shapes of a layer's inputs. */
export function featureShape(inputShape: Shape | Shape[]): Shape {
  return Array.isArray(inputShape[0]) ? (inputShape[0] as Shape) : (inputShape as Shape);
}

/** The channels of the features, which must be known when a layer makes its weights. */
export function channelsOf(layerName: string, inputShape: Shape | Shape[]): number {
  const channels = featureShape(inputShape)[1];
  if (channels == null) throw new RangeError(`${layerName}: features must have a known number of channels, got null`);
  return channels;
}

function isTensor(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'dataId' in value;
}
