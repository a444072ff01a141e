import * as tf from '@tensorflow/tfjs-core';
import type { GoldenLayer } from './golden-file.js';
import { isCentred, type LayerGeometry } from './golden-geometry.js';
import { layerTensorName, requiredTensor, type GoldenProgram } from './golden-leaves.js';
import type { BatchNormResult, PoolMode, Reduction, Sites, SparseFeatures, SparseOps } from './ops.js';

/** What a layer gives: features on sites, a row per cloud, or a dense grid (channels last). */
export type LayerValue =
  | { readonly kind: 'sites'; readonly x: SparseFeatures; readonly inverse?: Int32Array }
  | { readonly kind: 'clouds'; readonly rows: tf.Tensor2D }
  | { readonly kind: 'grid'; readonly dense: tf.Tensor };

export interface ForwardPass {
  readonly values: ReadonlyMap<string, LayerValue>;
  readonly statistics: ReadonlyMap<string, BatchNormResult>;
}

/**
 * Executes the layers with the ops handed in.
 *
 * @param leaves one tensor per leaf of the program
 * @param sites  takes every site set that was made, so that the caller can dispose them
 */
export function forwardPass(
  program: GoldenProgram,
  ops: SparseOps,
  leaves: readonly tf.Tensor[],
  sites: Set<Sites>,
): ForwardPass {
  const values = new Map<string, LayerValue>();
  const statistics = new Map<string, BatchNormResult>();
  const context: Context = { program, ops, values, statistics, leaf: leafByName(program, leaves) };
  const input = inputValue(context);
  if (input) values.set('in', input);
  for (const layer of program.golden.layers) values.set(layer.name, layerValue(layer, context));
  for (const value of values.values()) if (value.kind === 'sites') sites.add(value.x.map);
  return { values, statistics };
}

interface Context {
  readonly program: GoldenProgram;
  readonly ops: SparseOps;
  readonly values: ReadonlyMap<string, LayerValue>;
  readonly statistics: Map<string, BatchNormResult>;
  readonly leaf: (name: string) => tf.Tensor | undefined;
}

function layerValue(layer: GoldenLayer, context: Context): LayerValue {
  const { ops, leaf, program } = context;
  const name = (kind: string) => layerTensorName(program.golden, kind, layer);
  const parameter = (kind: string) => (layer.params ? leaf(name(kind)) : undefined);
  const bias = parameter('bias') as tf.Tensor1D | undefined;
  switch (layer.op) {
    case 'conv':
    case 'linear':
      return onSites(convolution(layer, parameter('weight') as tf.Tensor3D, bias, context));
    case 'tconv':
      return onSites(inverseConvolution(layer, parameter('weight') as tf.Tensor3D, bias, context));
    case 'relu':
      return mapFeatures(layer, context, (features) => tf.relu(features));
    case 'cat': {
      const parts = layer.in.map((input) => sitesOf(input, context));
      return onSites(
        ops.withFeatures(
          parts[0],
          tf.concat(
            parts.map((part) => part.features),
            1,
          ),
        ),
      );
    }
    case 'bn': {
      const x = sitesOf(layer.in[0], context);
      const result = required(ops.batchNorm)(
        x,
        parameter('weight') as tf.Tensor1D,
        bias as tf.Tensor1D,
        layer.eps ?? 0,
      );
      context.statistics.set(layer.name, result);
      return onSites(ops.withFeatures(x, result.features));
    }
    case 'gavg':
    case 'gmax':
    case 'gsum': {
      const rows = required(ops.globalPool)(sitesOf(layer.in[0], context), layer.op.slice(1) as PoolMode);
      return { kind: 'clouds', rows };
    }
    case 'dense': {
      const [, , ...spatialShape] = requiredTensor(program.golden, 'out_features').shape;
      const origin = layer.min ?? spatialShape.map(() => 0);
      return { kind: 'grid', dense: required(ops.toDense)(sitesOf(layer.in[0], context), { spatialShape, origin }) };
    }
    case 'reduce_rows':
      return voxels(layer, context);
    case 'from_dense': {
      const coordinates = requiredTensor(program.golden, 'in_coords').values as Int32Array;
      const map = ops.sparseTensor(
        tf.zeros([coordinates.length / (program.rank + 1), 1]),
        coordinates,
        siteOptions(program),
      ).map;
      return onSites(required(ops.fromDense)(leaf('dense') as tf.Tensor, map));
    }
    default:
      throw new RangeError(`golden: op must be one that the harness executes, got '${layer.op}' (${layer.name})`);
  }
}

function convolution(
  layer: GoldenLayer,
  filter: tf.Tensor3D,
  bias: tf.Tensor1D | undefined,
  context: Context,
): SparseFeatures {
  const x = sitesOf(layer.in[0], context);
  const geometry = geometryOf(layer, context);
  const { kernelSize, dilation } = geometry;
  if (layer.op === 'linear' || layer.output_set === 'same') {
    if (!isCentred(geometry))
      throw new RangeError(`golden: '${layer.name}' must have a centred window on the same sites`);
    return required(context.ops.submConv)(x, filter, { kernelSize, dilation, bias });
  }
  return required(context.ops.sparseConv)(x, filter, {
    ...stridedOptions(geometry),
    outputRule: outputRule(layer),
    bias,
  });
}

function inverseConvolution(
  layer: GoldenLayer,
  filter: tf.Tensor3D,
  bias: tf.Tensor1D | undefined,
  context: Context,
): SparseFeatures {
  const target = sitesOf((layer.output_set ?? '').replace(/^cached:/, ''), context).map;
  // The rule of the strided convolution that left the target: the layer whose input lay on these sites.
  const down = context.program.golden.layers.find(
    ({ op, output_set: set, in: [input] }) =>
      op === 'conv' && set !== 'same' && isOn(context.values.get(input), target),
  );
  const options = {
    ...stridedOptions(geometryOf(layer, context)),
    outputRule: outputRule(down ?? layer),
    target,
    bias,
  };
  return required(context.ops.sparseInverseConv)(sitesOf(layer.in[0], context), filter, options);
}

function voxels(layer: GoldenLayer, { program, ops, leaf }: Context): LayerValue {
  const { golden } = program;
  const positions = (golden.tensors.get('in_positions') ?? requiredTensor(golden, 'in_coords')).values as Float32Array;
  const width = program.rank + 1;
  const batchIndices = Int32Array.from({ length: positions.length / width }, (_, point) => positions[point * width]);
  const { tensor, inverse } = required(ops.voxelize)(
    Float32Array.from(positions).filter((_, index) => index % width > 0),
    leaf('features') as tf.Tensor2D,
    {
      voxelSize: layer.voxel_size ?? Array<number>(program.rank).fill(1),
      origin: layer.origin ?? Array<number>(program.rank).fill(0),
      reduction: (layer.mode ?? 'mean') as Reduction,
      batchIndices,
      batchSize: golden.batchSize ?? Math.max(0, ...batchIndices) + 1,
    },
  );
  return { kind: 'sites', x: tensor, inverse };
}

function inputValue({ program, ops, leaf }: Context): LayerValue | null {
  const features = leaf('features') as tf.Tensor2D | undefined;
  if (!features || program.golden.layers[0].op === 'reduce_rows') return null;
  const coordinates = requiredTensor(program.golden, 'in_coords').values as Int32Array;
  return onSites(ops.sparseTensor(features, coordinates, siteOptions(program)));
}

function siteOptions({ rank, golden }: GoldenProgram) {
  return { rank, batchSize: golden.batchSize ?? undefined, spatialShape: golden.spatialShape ?? undefined };
}

function outputRule({ output_set: set }: GoldenLayer): 'covering' | 'floor' {
  return set === 'floor' ? 'floor' : 'covering';
}

function stridedOptions({ kernelSize, strides, padding, dilation }: LayerGeometry) {
  return { kernelSize, strides, padding, dilation };
}

function geometryOf(layer: GoldenLayer, { program }: Context): LayerGeometry {
  return required(program.geometries.get(layer.name));
}

function mapFeatures(layer: GoldenLayer, context: Context, change: (features: tf.Tensor2D) => tf.Tensor2D): LayerValue {
  const x = sitesOf(layer.in[0], context);
  return onSites(context.ops.withFeatures(x, change(x.features)));
}

function sitesOf(name: string, { values }: Context): SparseFeatures {
  const value = values.get(name);
  if (value?.kind !== 'sites') throw new RangeError(`golden: '${name}' must be a layer on sites, got ${value?.kind}`);
  return value.x;
}

function onSites(x: SparseFeatures): LayerValue {
  return { kind: 'sites', x };
}

function isOn(value: LayerValue | undefined, sites: Sites): boolean {
  return value?.kind === 'sites' && value.x.map === sites;
}

function leafByName(program: GoldenProgram, leaves: readonly tf.Tensor[]): (name: string) => tf.Tensor | undefined {
  const byName = new Map(program.leaves.map(({ name }, index) => [name, leaves[index]]));
  return (name) => byName.get(name);
}

/** `notCovered` asked before that the op was handed in. */
function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('internal: notCovered must be asked before a case is executed');
  return value;
}
