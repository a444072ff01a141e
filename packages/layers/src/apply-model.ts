import { tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { coordinateMapOf, requireRange, SparseTensor } from '@tfjs-sparse/core';
import { withCoordinates } from './coordinate-scope.js';
import { runLayers } from './execution-plan.js';

/**
 * The outputs of `model` for `x`, untouched by tfjs' own loops, which slice and gather inputs and so lose the sites.
 * A model with one input (Sequential) gets the features, one with two gets the features and the coords.
 */
export function applyModel(op: string, model: LayersModel, x: SparseTensor, isTraining: boolean): Tensor[] {
  requireRange(
    model.inputs.length === 1 || model.inputs.length === 2,
    op,
    'the model must have the input features, or the inputs features and coords',
    `${model.inputs.length} inputs`,
  );
  return withCoordinates(x.map, () =>
    tidy(() => {
      const coords = model.inputs.length === 2 ? [x.map.toTensor()] : [];
      return runLayers(model, [x.features, ...coords], isTraining);
    }),
  );
}

/**
 * Runs a sparse model for inference: tfjs' `predict` for SparseTensors.
 *
 * @param model a LayersModel with the input features `[sites, channels]`, and possibly the input coords `[sites, 1 + rank]`
 * @returns     the output tensor, or tensors; a SparseTensor for a model with the outputs features and coords
 */
export function predict(model: LayersModel, x: SparseTensor): Tensor | Tensor[] | SparseTensor {
  const outputs = applyModel('predict', model, x, false);
  if (outputs.length === 1) return outputs[0];
  const [features, coords] = outputs;
  if (outputs.length === 2 && coords.dtype === 'int32') {
    const map = coordinateMapOf(coords);
    coords.dispose();
    return new SparseTensor(features as Tensor2D, map);
  }
  return outputs;
}
