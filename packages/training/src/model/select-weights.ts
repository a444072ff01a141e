import { requireRange } from '@tfjs-sparse/core';
import { layersOf } from '@tfjs-sparse/layers';
import type { layers, LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import { PrunableWeight } from './prunable-weight.js';

/** Names of layers, or a claim about a layer. */
export type LayerFilter = readonly string[] | ((layer: layers.Layer) => boolean);

export interface LayerSelection {
  /**
   * Layers to make sparse; default all that multiply by a kernel: dense layers, convolutions, the pointwise part of separable
   * ones, recurrent layers in one or both directions. Depthwise convolutions and embeddings only where they are named.
   */
  readonly include?: LayerFilter;
  /** Layers to leave dense, such as the first and the last. */
  readonly exclude?: LayerFilter;
}

/** Names of weights that can become sparse. */
const prunable = ['kernel', 'pointwise_kernel', 'depthwise_kernel', 'embeddings'];

/**
 * The kernels of a model that are to become sparse, in the model's order; models inside of the model are searched too.
 *
 * @throws RangeError for a name that no layer has, and for an included one whose layer has no kernel
 */
export function selectWeights(model: LayersModel, { include, exclude }: LayerSelection = {}): PrunableWeight[] {
  const all = [...new Set(layersOf(model))]; // two models inside may share a layer
  for (const filter of [include, exclude]) requireNames(filter, all);
  const chosen = all.filter((layer) => (!include || holds(include, layer)) && !(exclude && holds(exclude, layer)));
  return chosen.flatMap((layer) => {
    const kernels = kernelsOf(layer, include !== undefined);
    if (include && typeof include !== 'function') requireKernels(layer, kernels);
    return kernels.map(
      (kernel) => new PrunableWeight(layer, kernel, kernels.length > 1 ? kernel.originalName : layer.name),
    );
  });
}

/** The main kernels of a layer: not those of recurrent states, nor the depthwise part of a separable convolution. */
function kernelsOf(layer: layers.Layer, isIncluded: boolean): LayerVariable[] {
  const all = layer.weights.filter(
    ({ originalName, shape }) => prunable.includes(lastPart(originalName)) && shape.length >= 2,
  );
  const pointwise = all.filter(({ originalName }) => lastPart(originalName) === 'pointwise_kernel');
  if (pointwise.length > 0) return pointwise;
  return isIncluded ? all : all.filter(({ originalName }) => lastPart(originalName) === 'kernel');
}

function requireKernels({ name, weights }: layers.Layer, kernels: readonly LayerVariable[]): void {
  const rule = `layer '${name}' must have a weight named ${prunable.join(', ')} to be included`;
  requireRange(
    kernels.length > 0,
    'sparsifier',
    rule,
    weights.map(({ originalName }) => lastPart(originalName)),
  );
}

function lastPart(originalName: string): string {
  return originalName.split('/').at(-1)!;
}

function holds(filter: LayerFilter, layer: layers.Layer): boolean {
  return typeof filter === 'function' ? filter(layer) : filter.includes(layer.name);
}

function requireNames(filter: LayerFilter | undefined, all: readonly layers.Layer[]): void {
  if (!filter || typeof filter === 'function') return;
  for (const name of filter) {
    const isKnown = all.some((layer) => layer.name === name);
    requireRange(
      isKnown,
      'sparsifier',
      `layers must be of the model (${all.map((layer) => layer.name).join(', ')})`,
      name,
    );
  }
}
