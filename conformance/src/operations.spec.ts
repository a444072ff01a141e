import { sparseTensor } from '@tfjs-sparse/core';
import { relu } from '@tensorflow/tfjs-core';
import { layerOf } from './layer-definition.js';
import { onSites } from './layer-value.js';
import { layerDefinitionOf, type Operations } from './operations.js';

const double = layerOf({
  op: 'double',
  takes: ({ mode }) => mode !== 'half',
  fields: {},
  forward: ({ x }) => onSites(x.withFeatures(relu(x.features))),
});

const operations: Operations = { makeSites: sparseTensor, layers: [double], tensorOperations: [] };

describe('layerDefinitionOf', () => {
  const layer = { name: 'a', op: 'double', in: ['in'] };

  it('has the definition that takes the layer', () => {
    expect(layerDefinitionOf(layer, operations)).toBe(double);
    expect(layerDefinitionOf({ ...layer, mode: 'half' }, operations)).toBeUndefined();
    expect(layerDefinitionOf({ ...layer, op: 'relu' }, operations)).toBeDefined();
  });

  it('refuses two that do', () => {
    expect(() => layerDefinitionOf(layer, { ...operations, layers: [double, double] })).toThrowError(
      RangeError,
      "golden: one definition must take layer 'a' (double), got 2",
    );
  });
});
