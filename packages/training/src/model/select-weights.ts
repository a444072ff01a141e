import { requireRange } from '@tfjs-sparse/core';
import { layersOf } from '@tfjs-sparse/layers';
import type { layers, LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import { PrunableWeight } from './prunable-weight.js';

/** Names of layers, or a claim about a layer. */
export type LayerFilter = readonly string[] | ((layer: layers.Layer) => boolean);

export interface LayerSelection {
  /** Layers to make sparse, if they have one weight named `kernel`; default all of these but depthwise convolutions. */
  readonly include?: LayerFilter;
  /** Layers to leave dense, such as the first and the last. */
  readonly exclude?: LayerFilter;
}

/** The kernels of a model that are to become sparse, in the model's order; models inside of the model are searched too. */
export function selectWeights(model: LayersModel, { include, exclude }: LayerSelection = {}): PrunableWeight[] {
  const all = [...new Set(layersOf(model))]; // two models inside may share a layer
  for (const filter of [include, exclude]) requireNames(filter, all);
  return all
    .filter((layer) => (include ? holds(include, layer) : !isDepthwise(layer)) && !(exclude && holds(exclude, layer)))
    .flatMap((layer) => {
      const kernels = layer.weights.filter(isKernel);
      return kernels.length === 1 ? [new PrunableWeight(layer, kernels[0])] : [];
    });
}

function isKernel({ originalName, shape }: LayerVariable): boolean {
  return originalName.split('/').at(-1) === 'kernel' && shape.length >= 2;
}

function isDepthwise(layer: layers.Layer): boolean {
  return layer.getClassName().includes('Depthwise');
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
