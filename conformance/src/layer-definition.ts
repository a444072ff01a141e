import type { Tensor } from '@tensorflow/tfjs-core';
import type { SparseTensor, sparseTensor } from '@tfjs-sparse/core';
import * as field from './fields.js';
import type { GoldenCase, GoldenLayer } from './golden-file.js';
import { layerTensorName, type Leaf } from './golden-tensors.js';
import { sitesOf, type LayerValue } from './layer-value.js';

/** What every layer of a golden may say. */
export interface LayerBase {
  readonly name: string;
  readonly op: string;
  readonly in: readonly string[];
  /** The formula, in words. */
  readonly ours?: string;
  /** Whether the golden has tensors of the layer. */
  readonly params?: boolean;
  /** Cells of the finest grid per cell of the input and of the output, for engines that keep coordinates on that grid. */
  readonly in_tensor_stride?: readonly number[];
  readonly out_tensor_stride?: readonly number[];
  /** Cells per axis of the output's grid; null where the engine does not say. */
  readonly out_shape?: readonly number[] | null;
}

/** Makes the sites of inputs; `sparseTensor` of core. */
export type MakeSites = typeof sparseTensor;

/** What a layer is run with. */
export interface LayerRun {
  readonly golden: GoldenCase;
  readonly rank: number;
  readonly makeSites: MakeSites;
  /** The value of an earlier layer, or of an input. */
  valueOf(name: string): LayerValue;
  /** The tensor of a leaf: `features2`, `dense`, `weight.conv`. */
  leaf(name: string): Tensor | undefined;
}

export interface LayerCall<F extends object> extends LayerRun {
  readonly layer: LayerBase & F;
  /** The sites of the layer's first input. */
  readonly x: SparseTensor;
  /** The leaf of one of the layer's own tensors: `weight`. */
  parameter(kind: string): Tensor | undefined;
}

/**
 * All that the runner must know of an op on features. A case file brings it, with its plugin's op in `forward`; other
 * kernels are tested by a definition with another `forward`.
 */
export interface LayerDefinition<F extends object> {
  /** What a golden's metadata calls it. */
  readonly op: string;
  /** Whether the layer is this one, where a golden calls several ops alike; default yes. */
  readonly takes?: (layer: GoldenLayer) => boolean;
  /** Readers of what a layer may say besides `LayerBase`. */
  readonly fields: field.Fields<F>;
  /** Kinds of tensors that a golden may have of the layer: `weight`, `mask`, `running_mean_after`. */
  readonly tensors?: readonly string[];
  /** Those of them that gradients are taken of, in our layout. */
  readonly leaves?: (layer: LayerBase & F, golden: GoldenCase, rank: number) => readonly Leaf[];
  /** How many inputs a layer names; default 1, `any` for at least one. */
  readonly inputs?: number | 'any';
  /** The output has the sites of the first input, and a golden need not repeat them. */
  readonly keepsSites?: boolean;
  /** The case's features are those of points, not of sites. */
  readonly readsPoints?: boolean;
  readonly forward: (call: LayerCall<F>) => LayerValue;
  /** Instead of `forward` where the op must read values back: in a case of this layer alone, without gradients. */
  readonly readBack?: (call: LayerCall<F>) => Promise<LayerValue> | null;
}

/** A definition with the type of its fields closed over: a list may hold any of them. */
export interface Layer {
  readonly op: string;
  takes(layer: GoldenLayer): boolean;
  /** @throws RangeError for a field that the definition does not know */
  bind(layer: GoldenLayer): BoundLayer;
}

/** A definition with the fields of one layer read. */
export interface BoundLayer {
  readonly layer: LayerBase;
  readonly tensors: readonly string[];
  readonly keepsSites: boolean;
  readonly readsPoints: boolean;
  leaves(golden: GoldenCase, rank: number): readonly Leaf[];
  forward(run: LayerRun): LayerValue;
  readBack(run: LayerRun): Promise<LayerValue> | null;
}

export function layerOf<F extends object>(definition: LayerDefinition<F>): Layer {
  const { op, takes = () => true, inputs = 1, tensors = [], keepsSites = false, readsPoints = false } = definition;
  return {
    op,
    takes: (layer) => layer.op === op && takes(layer),
    bind(given) {
      const layer = readLayer(given, definition.fields);
      if (inputs === 'any' ? layer.in.length === 0 : layer.in.length !== inputs) {
        const what = `layer '${layer.name}' (${op})`;
        throw new RangeError(`golden: inputs of ${what} must be ${inputs}, got [${layer.in.join(', ')}]`);
      }
      return {
        layer,
        tensors,
        keepsSites,
        readsPoints,
        leaves: (golden, rank) => definition.leaves?.(layer, golden, rank) ?? [],
        forward: (run) => requireGrid(layer, definition.forward(callOf(layer, run))),
        readBack: (run) => definition.readBack?.(callOf(layer, run)) ?? null,
      };
    },
  };
}

/** @throws RangeError for a field without a reader, and for a value that its reader does not know */
export function readLayer<F extends object>(given: GoldenLayer, fields: field.Fields<F>): LayerBase & F {
  const all = { ...baseFields, ...fields } as field.Fields<LayerBase & F>;
  return field.readFields(given, all, `layer '${given.name}' (${given.op})`);
}

function requireGrid({ name, out_shape: shape }: LayerBase, value: LayerValue): LayerValue {
  const got = value.kind === 'sites' ? value.x.map.spatialShape : null;
  if (shape && String(got) !== String(shape)) {
    throw new RangeError(`golden: the grid of layer '${name}' must have [${shape}] cells (out_shape), got [${got}]`);
  }
  return value;
}

const baseFields: field.Fields<LayerBase> = {
  name: field.text,
  op: field.text,
  in: field.listOf(field.text),
  ours: field.optional(field.text),
  params: field.optional(field.flag),
  in_tensor_stride: field.optional(field.numbers),
  out_tensor_stride: field.optional(field.numbers),
  out_shape: field.optional(field.either(field.oneOf(null), (value) => value === null, field.numbers)),
};

function callOf<F extends object>(layer: LayerBase & F, run: LayerRun): LayerCall<F> {
  const [input] = layer.in;
  return {
    ...run,
    layer,
    get x() {
      return sitesOf(input, run.valueOf(input));
    },
    parameter: (kind) => (layer.params ? run.leaf(layerTensorName(run.golden, kind, layer)) : undefined),
  };
}
