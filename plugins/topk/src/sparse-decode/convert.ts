import { constantOf, isTrue, textsAttribute, type GraphInput, type GraphNode, type Rule } from '@tfjs-sparse/converter';
import { graphOp as rowsOp } from '../to-dense/graph-op.js';
import { graphOp } from './graph-op.js';

/** Products of k-sparse rows, of which `scatterRule` has made dense ones, with a matrix: the decoder of a sparse autoencoder. */
export const decodeRule: Rule = {
  graph: {
    ops: ['MatMul', '_FusedMatMul'],
    convert(node) {
      const rows = rowsBehind(node.inputs[0]);
      const shape = constantOf(node.inputs[1])?.spec.shape;
      if (!rows || !shape || !isPlain(node)) return null;
      const replacement: GraphNode = {
        name: node.name,
        op: graphOp,
        inputs: [...rows.inputs, ...node.inputs.slice(1)],
        controls: [],
        attributes: {},
      };
      return { shape, kernel: 'sparseDecode', reason: 'its rows have k entries each', replacement };
    },
  },
};

function rowsBehind({ node }: GraphInput): GraphNode | null {
  if (node.op === rowsOp) return node;
  return node.op === 'Reshape' ? rowsBehind(node.inputs[0]) : null;
}

function isPlain(node: GraphNode): boolean {
  const fused = textsAttribute(node, 'fused_ops');
  const isOnlyBias = node.op === 'MatMul' || (fused.length === 1 && fused[0] === 'BiasAdd');
  return isOnlyBias && !isTrue(node, 'transpose_a') && !isTrue(node, 'transpose_b');
}
