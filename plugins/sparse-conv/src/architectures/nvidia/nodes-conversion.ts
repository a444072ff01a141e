import { tensor, tidy } from '@tensorflow/tfjs-core';
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import {
  denseBytes,
  elementValues,
  StoredTensor,
  type OnnxModel,
  type OnnxNodeMessage,
} from '@tfjs-sparse/converter/checkpoints';
import { requireRange, requireType } from '@tfjs-sparse/core';
import type { SymbolicSparseTensor } from '../../blocks/convolution.js';
import { SparseHeightCompression } from '../../height-compression/layer.js';
import { SparseInverseConv3D } from '../../inverse-conv/layer.js';
import { SparseConv3D } from '../../sparse-conv/layer.js';
import { SubmConv3D } from '../../subm-conv/layer.js';
import type { OnnxAttributes } from './onnx-attributes-conversion.js';

export const op = 'nvidia';
export const rank = 3;

export type Made = SymbolicSparseTensor | SymbolicTensor;

/** What nodes read, and where their names are looked up. */
export interface Scope {
  readonly node: OnnxNodeMessage;
  readonly attributes: OnnxAttributes;
  readonly name: string;
  /** The sparse input with a number. */
  sparse(index: number): SymbolicSparseTensor;
  dense(index: number): SymbolicTensor;
  readonly weights: OnnxModel['weights'];
  /** What strided convolutions started from, by their rulebooks. */
  readonly rulebooks: Map<string, SymbolicSparseTensor>;
  /** Sets the weights of a layer once the model is whole. */
  later(set: () => void): void;
}

export const nodes: Readonly<Record<string, (scope: Scope) => Made | Promise<Made>>> = {
  SparseConvolution: convolution,
  ScatterDense: scatter,
  Add: ({ name, sparse }) => {
    const [a, b] = [sparse(0), sparse(1)];
    requireRange(a.coords === b.coords, op, 'Add must be of features on the same sites', name);
    return { ...a, features: layers.add({ name }).apply([a.features, b.features]) as SymbolicTensor };
  },
  Relu: ({ name, sparse }) => {
    const x = sparse(0);
    return { ...x, features: layers.reLU({ name }).apply(x.features) as SymbolicTensor };
  },
  Transpose({ name, attributes, dense }) {
    const x = dense(0);
    const dims = attributes.integers('dims', x.shape.length);
    const isOrder = [...dims].sort((a, b) => a - b).every((axis, i) => axis === i) && dims[0] === 0;
    requireRange(isOrder, op, 'Transpose must have the order of axes as dims, the first 0', dims);
    return layers.permute({ name, dims: dims.slice(1) }).apply(x) as SymbolicTensor;
  },
  Reshape({ name, attributes, dense }) {
    const dims = attributes.integers('dims');
    return layers.reshape({ name, targetShape: dims.slice(1) }).apply(dense(0)) as SymbolicTensor;
  },
};

async function convolution(scope: Scope): Promise<Made> {
  const { attributes, name, node, rulebooks } = scope;
  const x = scope.sparse(0);
  const axes = (key: string) => attributes.integers(key, rank);
  const isZero = (values: readonly number[]) => values.every((value) => value === 0);
  requireRange(attributes.integer('ndim', rank) === rank, op, 'SparseConvolution must have 3 as ndim', attributes.integer('ndim', rank)); // prettier-ignore
  const isPlain = attributes.integer('transposed', 0) === 0 && isZero(axes('output_padding'));
  requireRange(isPlain, op, 'SparseConvolution must not be transposed or have an output padding', name);
  const activation = attributes.text('activation', 'None');
  requireRange(['None', 'ReLU'].includes(activation), op, 'activation must be None or ReLU', activation);
  const [kernelSize, strides, padding] = [axes('kernel_size'), axes('stride'), axes('padding')];
  const [filters, groups] = [attributes.integer('out_channels'), attributes.integer('groups', 1)];
  const bias = node.inputs[2] ? await weightOf(scope, 2) : null;
  const args = {
    name,
    filters,
    groups,
    kernelSize,
    dilation: axes('dilation'),
    useBias: bias !== null,
    activation: activation === 'ReLU' ? ('relu' as const) : undefined,
  };
  const inChannels = x.features.shape[1]!;
  const weight = await weightOf(scope, 1);
  const expected = [filters, ...kernelSize, inChannels / groups];
  requireRange(weight.shape.join() === expected.join(), op, `the weight of ${name} must have the shape [${expected}]`, weight.shape); // prettier-ignore
  const isBias = bias === null || bias.shape.join() === String(filters);
  requireRange(isBias, op, `the bias of ${name} must have the shape [${filters}]`, bias?.shape);
  const set = (layer: layers.Layer) => scope.later(() => setWeights(layer, filters, weight.values, bias?.values));
  if (attributes.integer('subm', 0) === 1) {
    const layer = new SubmConv3D(args);
    const features = layer.apply([x.features, x.coords]) as SymbolicTensor;
    set(layer);
    return { ...x, features };
  }
  const rulebook = attributes.text('rulebook', '');
  if (attributes.integer('inverse', 0) === 1) {
    const fine = rulebooks.get(rulebook);
    requireRange(fine !== undefined, op, 'an inverse SparseConvolution must name the rulebook of one before it', rulebook); // prettier-ignore
    const layer = new SparseInverseConv3D({ ...args, strides, padding });
    const [features] = layer.apply([x.features, x.coords, fine!.coords]) as SymbolicTensor[];
    set(layer);
    return { features, coords: fine!.coords };
  }
  if (rulebook !== '') rulebooks.set(rulebook, x);
  const layer = new SparseConv3D({ ...args, strides, padding });
  const [features, coords] = layer.apply([x.features, x.coords]) as SymbolicTensor[];
  set(layer);
  return { features, coords };
}

/** `[batch, channels, ...grid]`. */
function scatter({ attributes, name, sparse }: Scope): Made {
  const { features, coords } = sparse(0);
  const spatialShape = attributes.integers('input_spatial_shape', rank);
  const compression = new SparseHeightCompression({ name: `${name}/grid`, spatialShape, axis: rank - 1 });
  const grid = compression.apply([features, coords]) as SymbolicTensor; // [batch, a, b, c * channels]
  const targetShape = [...spatialShape, features.shape[1]!];
  const whole = layers.reshape({ name: `${name}/cells`, targetShape }).apply(grid);
  return layers.permute({ name, dims: [4, 1, 2, 3] }).apply(whole) as SymbolicTensor;
}

/** From `[out, ...kernel, in]` to `[offsets, in, out]`. */
function setWeights(layer: layers.Layer, filters: number, values: Float32Array, bias?: Float32Array): void {
  const rows = values.length / filters;
  const filter = new Float32Array(values.length);
  for (let output = 0; output < filters; output++) {
    for (let row = 0; row < rows; row++) filter[row * filters + output] = values[output * rows + row];
  }
  const given = bias ? [filter, bias] : [filter];
  tidy(() => layer.setWeights(layer.getWeights().map(({ shape }, i) => tensor(given[i], shape))));
}

/** Numbers of the weight that is input `index`, as float32. */
async function weightOf({ weights, node }: Scope, index: number) {
  const weight = weights.get(node.inputs[index] ?? '');
  const rule = 'a SparseConvolution must have its weights in the file, not sparse';
  requireType(weight instanceof StoredTensor, op, rule, node.inputs[index]);
  const { dtype, shape } = weight as StoredTensor;
  return { shape, values: Float32Array.from(elementValues(await denseBytes(weight!), dtype) as ArrayLike<number>) };
}
