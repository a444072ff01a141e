import * as tf from '@tensorflow/tfjs-core';
import { layerDefinition } from '../cases/index.js';
import { required, sitesOf, type ForwardContext, type LayerValue } from './forward-context.js';
import type { GoldenLayer } from './golden-file.js';
import { cellsOf, convolution, depthwise, transposedConvolution } from './golden-convolution.js';
import { layerTensorName, requiredTensor, type GoldenProgram } from './golden-leaves.js';
import type { BatchNormResult, Reduction, Sites, SparseFeatures, SparseOps } from './ops.js';

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
  const context: ForwardContext = { program, ops, values, statistics, leaf: leafByName(program, leaves) };
  for (const name of ['in', 'in2', 'in3']) {
    const input = inputValue(name, context);
    if (input) values.set(name, input);
  }
  for (const layer of program.golden.layers) values.set(layer.name, layerValue(layer, context));
  for (const value of values.values()) if (value.kind === 'sites') sites.add(value.x.map);
  return { values, statistics };
}

function layerValue(layer: GoldenLayer, context: ForwardContext): LayerValue {
  const { ops, leaf, program } = context;
  const name = (kind: string) => layerTensorName(program.golden, kind, layer);
  const parameter = (kind: string) => (layer.params ? leaf(name(kind)) : undefined);
  const bias = parameter('bias') as tf.Tensor1D | undefined;
  switch (layer.op) {
    case 'conv':
    case 'linear':
      return onSites(convolution(layer, parameter('weight') as tf.Tensor3D, bias, context));
    case 'tconv':
      return onSites(transposedConvolution(layer, parameter('weight') as tf.Tensor3D, bias, context));
    case 'depthwise':
      return onSites(depthwise(layer, parameter('weight') as tf.Tensor2D, bias, context));
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
      return broughtLayer(layer, context);
  }
}

/** A layer that a case file defines. */
function broughtLayer(layer: GoldenLayer, context: ForwardContext): LayerValue {
  const definition = layerDefinition(layer.op);
  if (!definition) throw new RangeError(`golden: op must be one that the harness executes, got '${layer.op}'`);
  return definition.forward(sitesOf(layer.in[0], context), layer, context.ops, context.program.golden, context);
}

function voxels(layer: GoldenLayer, { program, ops, leaf }: ForwardContext): LayerValue {
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

/** @param name `in`, or `in2`, … where a case has further operands */
function inputValue(name: string, { program, ops, leaf }: ForwardContext): LayerValue | null {
  const features = leaf(name.replace('in', 'features')) as tf.Tensor2D | undefined;
  if (!features || program.golden.layers[0].op === 'reduce_rows') return null;
  const coordinates = requiredTensor(program.golden, `${name}_coords`).values as Int32Array;
  const stride = program.golden.layers.find((layer) => layer.in.includes(name))?.in_tensor_stride;
  return onSites(
    ops.sparseTensor(features, cellsOf(coordinates, stride, program.rank), { ...siteOptions(program), stride }),
  );
}

function siteOptions({ rank, golden }: GoldenProgram) {
  return { rank, batchSize: golden.batchSize ?? undefined, spatialShape: golden.spatialShape ?? undefined };
}

function mapFeatures(
  layer: GoldenLayer,
  context: ForwardContext,
  change: (features: tf.Tensor2D) => tf.Tensor2D,
): LayerValue {
  const x = sitesOf(layer.in[0], context);
  return onSites(context.ops.withFeatures(x, change(x.features)));
}

function onSites(x: SparseFeatures): LayerValue {
  return { kind: 'sites', x };
}

function leafByName(program: GoldenProgram, leaves: readonly tf.Tensor[]): (name: string) => tf.Tensor | undefined {
  const byName = new Map(program.leaves.map(({ name }, index) => [name, leaves[index]]));
  return (name) => byName.get(name);
}
