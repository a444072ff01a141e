import type { SparseFormat } from '../pattern/choose-format.js';
import { integer, integers, splitInputs, text, type GraphNode } from './graph-node.js';
import { graphOps } from './register.js';
import type { Product } from './sparse-product.js';

/** A constant matrix as a graph holds it, packed. */
export interface PackedConstant {
  readonly format: SparseFormat;
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** Names of the new constants. */
  readonly values: string;
  readonly pattern: string;
}

/** The nodes in place of a product: one, and another for an activation that it cannot do. */
export function sparseNodes(node: GraphNode, product: Product, packed: PackedConstant): GraphNode[] {
  const { kind, x, bias, activation, strides, next } = product;
  const { blockOutputs, groups } = packed.format;
  const sparse: GraphNode = {
    name: next ? `${node.name}/product` : node.name,
    op: graphOps[kind],
    input: [x, packed.values, packed.pattern, ...(bias ? [bias] : []), ...splitInputs(node).controls],
    attr: {
      inFeatures: integer(packed.inFeatures),
      outFeatures: integer(packed.outFeatures),
      blockOutputs: integer(blockOutputs),
      groupKept: integer(groups?.n ?? 0),
      groupSize: integer(groups?.m ?? 0),
      hasBias: { b: bias !== undefined },
      activation: text(activation),
      strides: integers(strides),
    },
  };
  if (!next) return [sparse];
  return [sparse, { name: node.name, op: next.op, input: [sparse.name, ...next.inputs], attr: next.attr }];
}
