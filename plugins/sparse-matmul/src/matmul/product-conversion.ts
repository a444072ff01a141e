import {
  constantOf,
  integer,
  text,
  weightValues,
  type Attributes,
  type EpilogueAttributes,
  type Graph,
  type GraphNode,
  type GraphRule,
} from '@tfjs-sparse/converter';
import type { StoredWeight } from '@tfjs-sparse/core';
import { graphOp as conv1x1 } from '../conv1x1/graph-op.js';
import { graphOp as conv2D } from '../conv2d/graph-op.js';
import { graphOp as matMul } from '../sparse-matmul/graph-op.js';
import { readFused, type FusedParts } from './fused-conversion.js';
import { MatrixPacker, type PackedMatrix } from './packed-conversion.js';
import {
  asFastDense,
  foundWeights,
  patternName,
  requireNoNaN,
  speedReason,
  staysDense,
  type SparseWeightRuleOptions,
} from './weights-conversion.js';

/** How the products of one op are read. */
export interface ProductReader {
  /** Ops of nodes whose second input may be a matrix of weights. */
  readonly ops: readonly string[];
  /** Name of the sparse op in graphs. */
  readonly graphOp: string;
  /** Name of the sparse op of this plugin. */
  kernelOf(matrix: PackedMatrix): string;
  /** Whether weights of this shape are a matrix. */
  isMatrix(shape: readonly number[]): boolean;
  /** What the node says of the product with weights of that shape, or why it has to stay as it is. */
  read(
    node: GraphNode,
    shape: readonly number[],
  ): { readonly isTransposed: boolean; readonly attributes: Attributes } | string;
}

/** The rule for graph nodes that multiply by a constant matrix. */
export function productRule(reader: ProductReader, options: SparseWeightRuleOptions): GraphRule {
  const packers = new WeakMap<Graph, MatrixPacker>();
  return {
    ops: reader.ops,
    async convert(node, graph) {
      const weight = constantOf(node.inputs[1]);
      if (weight?.spec.dtype !== 'float32' || !reader.isMatrix(weight.spec.shape)) return null;
      const values = (await weightValues(weight)) as Float32Array;
      const found = foundWeights(node.name, node.op, weight.spec.shape, values);
      const { shape, sparsity } = found;
      const stays = (reason: string) => ({ shape, sparsity, kernel: null, reason }) as const;
      const [product, fused] = [reader.read(node, shape), readFused(node)];
      if (typeof fused === 'string') return stays(fused);
      if (typeof product === 'string') return stays(product);
      const obstacle = biasObstacle(fused, weight, product.isTransposed) ?? staysDense(found, options);
      if (obstacle) return stays(obstacle);
      requireNoNaN(found, values);
      if (!packers.has(graph)) packers.set(graph, new MatrixPacker());
      const matrix = packers.get(graph)!.pack(weight, values, product.isTransposed);
      if (!matrix) return stays(asFastDense);
      return {
        shape,
        sparsity,
        pattern: patternName(matrix.format),
        kernel: reader.kernelOf(matrix),
        reason: speedReason(matrix.format),
        replacement: sparseNode(node, reader.graphOp, matrix, fused, product.attributes),
      };
    },
  };
}

/** How nodes of these rules hold bias and activation; null for other nodes. */
export function productEpilogue({ op, attributes }: GraphNode): EpilogueAttributes | null {
  if (op !== matMul && op !== conv1x1 && op !== conv2D) return null;
  return {
    hasBias: 'hasBias',
    hasResidual: 'hasResidual',
    activation: 'activation',
    channels: Number(attributes.outFeatures.i),
  };
}

function biasObstacle({ bias }: FusedParts, { spec: { shape } }: StoredWeight, isTransposed: boolean): string | null {
  if (!bias) return null;
  const biasShape = constantOf(bias)?.spec.shape;
  const outFeatures = shape[shape.length - (isTransposed ? 2 : 1)];
  const fits = biasShape?.length === 1 && biasShape[0] === outFeatures;
  return fits ? null : 'its bias is no constant of one value per output';
}

/** The node in place of a product, or one for an activation that a product cannot do, which reads it. */
function sparseNode(
  node: GraphNode,
  op: string,
  { format: { blockOutputs, groups }, inFeatures, outFeatures, values, pattern }: PackedMatrix,
  { bias, activation, next }: FusedParts,
  attributes: Attributes,
): GraphNode {
  const sparse: GraphNode = {
    name: `${node.name}/product`,
    op,
    inputs: [node.inputs[0], { node: values }, { node: pattern }, ...(bias ? [bias] : [])],
    controls: node.controls,
    attributes: {
      ...attributes,
      inFeatures: integer(inFeatures),
      outFeatures: integer(outFeatures),
      blockOutputs: integer(blockOutputs),
      groupKept: integer(groups?.n ?? 0),
      groupSize: integer(groups?.m ?? 0),
      hasBias: { b: bias !== undefined },
      activation: text(activation),
    },
  };
  if (!next) return sparse;
  return {
    name: '',
    op: next.op,
    inputs: [{ node: sparse }, ...next.inputs],
    controls: [],
    attributes: next.attributes,
  };
}
