import {
  constantOf,
  constantNode,
  integer,
  weightValues,
  type GraphInput,
  type GraphNode,
  type Rule,
} from '@tfjs-sparse/converter';
import { graphOp } from './graph-op.js';

/** What a top-k leaves of a row, put into zeros at the places where it was: `torch.zeros_like(x).scatter(-1, indices, values)`. */
export const scatterRule: Rule = {
  graph: {
    ops: ['TensorScatterUpdate'],
    async convert(node) {
      const width = Number(node.attributes.row_width?.i ?? NaN);
      const [into, , flat, indices] = node.inputs;
      const isOfTopK = indices?.node.op === 'TopKV2' && indices.output === '1';
      const values = isOfTopK ? beforeReshapes(flat) : null;
      if (!values || !isOfEntries(values.node, indices.node) || !(await isZeros(into)) || !(width >= 0)) return null;
      const attributes = { width: integer(width) };
      const dense = { name: `${node.name}/rows`, op: graphOp, inputs: [values, indices], controls: [], attributes };
      const flatShape = { node: constantNode(`${node.name}/shape`, [1], Int32Array.of(-1)) };
      const replacement = {
        name: node.name,
        op: 'Reshape',
        inputs: [{ node: dense }, flatShape],
        controls: [],
        attributes: {},
      };
      return { kernel: 'kSparseToDense', reason: 'the places are those of a top-k', replacement };
    },
  },
};

function beforeReshapes(input: GraphInput): GraphInput {
  return input.node.op === 'Reshape' ? beforeReshapes(input.node.inputs[0]) : input;
}

/** Whether a node gives the values of the entries of a top-k, or what is left of them element by element. */
function isOfEntries(node: GraphNode, topK: GraphNode): boolean {
  return node === topK || (elementwise.includes(node.op) && isOfEntries(node.inputs[0].node, topK));
}

const elementwise: readonly string[] = ['Relu', 'Relu6', 'Abs', 'Identity'];

async function isZeros(input: GraphInput): Promise<boolean> {
  const weight = constantOf(input);
  if (weight) return (await weightValues(weight)).every((value) => value === 0);
  const { op, inputs } = input.node;
  if (op === 'AddV2') return (await isZeros(inputs[0])) && isZeros(inputs[1]);
  if (op === 'ZerosLike') return true;
  return (op === 'Reshape' || op === 'BroadcastTo') && isZeros(inputs[0]);
}
