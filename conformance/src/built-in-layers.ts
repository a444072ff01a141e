import { concat, relu } from '@tensorflow/tfjs-core';
import { layerOf, type Layer } from './layer-definition.js';
import { onSites, sitesOf } from './layer-value.js';

/** Layers of networks that are tfjs' own ops on the features. */
export const builtInLayers: readonly Layer[] = [
  layerOf({
    op: 'relu',
    fields: {},
    keepsSites: true,
    forward: ({ x }) => onSites(x.withFeatures(relu(x.features))),
  }),
  layerOf({
    op: 'cat',
    fields: {},
    inputs: 'any',
    keepsSites: true,
    forward({ x, layer, valueOf }) {
      const parts = layer.in.map((name) => sitesOf(name, valueOf(name)).features);
      return onSites(x.withFeatures(concat(parts, 1)));
    },
  }),
];
