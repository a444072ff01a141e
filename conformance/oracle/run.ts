import type { SafetensorsTensor } from '@tfjs-sparse/core';
import type { LayerBase } from '../src/layer-definition.js';
import type { CaseSource, LayerParameters } from './case-source.js';
import type { Site } from './sites.js';

/** Rows on sites and, once the layers after them ran backwards, the gradient of each. */
export interface Rows {
  readonly sites: readonly Site[];
  readonly values: number[][];
  gradient: number[][];
  /** Where they are not those of the case's input. */
  readonly channels?: number;
  /** The layer has put its values among the tensors already, as a grid. */
  readonly isGrid?: boolean;
}

/** A run of one case: its values by layer, the tensors that it adds to the golden, and how to run backwards. */
export interface Run {
  readonly source: CaseSource;
  readonly values: Map<string, Rows>;
  readonly tensors: [string, SafetensorsTensor][];
  readonly backward: (() => void)[];
}

export function inputOf(layer: Pick<LayerBase, 'in'>, { values }: Run): Rows {
  const x = values.get(layer.in[0]);
  if (!x) throw new RangeError(`oracle: input must be an earlier layer, got '${layer.in[0]}'`);
  return x;
}

export function parametersOf(layer: LayerBase, { source }: Run): LayerParameters {
  return source.parameters?.[layer.name] ?? { bias: null };
}

export function rows(sites: readonly Site[], values: number[][]): Rows {
  return { sites, values, gradient: [] };
}
