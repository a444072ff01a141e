import type { OnnxModel, OnnxNetwork } from '@tfjs-sparse/converter/checkpoints';
import { requireRange } from '@tfjs-sparse/core';
import { input, model as modelOf, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { SymbolicSparseTensor } from '../../blocks/convolution.js';
import { nodes, op, rank, type Made } from './nodes-conversion.js';
import { OnnxAttributes } from './onnx-attributes-conversion.js';

/**
 * Networks as NVIDIA's Lidar_AI_Solution (3DSparseConvolution) exports them from spconv: nodes `SparseConvolution` and
 * `ScatterDense`, which are no operators of ONNX, with Add, Relu, Transpose and Reshape (whose `dims` are attributes). The sites
 * are no input there; here they are `coords`, in the order of axes that the file has, beside `features`. The output keeps the
 * file's order `[batch, channels, …]`.
 */
export const nvidiaNetwork: OnnxNetwork = {
  recognise({ graph }) {
    const first = graph.nodes.find(({ op }) => op === 'SparseConvolution');
    if (!first) return null;
    const cells = new OnnxAttributes(op, first).integers('input_spatial_shape', rank);
    return `SparseConvolution nodes of NVIDIA's Lidar_AI_Solution, on a grid of ${cells.join(' x ')} cells`;
  },
  build,
};

async function build(model: OnnxModel): Promise<LayersModel> {
  const { graph, weights } = model;
  const uncovered = new Set(graph.nodes.flatMap((node) => (Object.hasOwn(nodes, node.op ?? '') ? [] : [node.op])));
  requireRange(
    uncovered.size === 0,
    op,
    `nodes must be of ${Object.keys(nodes).join(', ')}`,
    [...uncovered].join(', '),
  );
  const given = graph.inputs.filter(({ name }) => !weights.has(name ?? ''));
  requireRange(given.length === 1, op, 'a network must have one input, features', given.length);
  requireRange(graph.outputs.length === 1, op, 'a network must have one output', graph.outputs.length);
  const first = graph.nodes.find((node) => node.op === 'SparseConvolution' && node.inputs[0] === given[0].name);
  requireRange(first !== undefined, op, 'a SparseConvolution must read the input', given[0].name);
  const features = input({ shape: [new OnnxAttributes(op, first!).integer('in_channels')], name: 'features' });
  const coords = input({ shape: [1 + rank], dtype: 'int32', name: 'coords' });
  const made = new Map<string, Made>([[given[0].name ?? '', { features, coords }]]);
  const rulebooks = new Map<string, SymbolicSparseTensor>();
  const names = new Set(['features', 'coords']);
  const setters: (() => void)[] = [];
  for (const node of graph.nodes) {
    const find = (index: number, isSparse: boolean): Made => {
      const value = made.get(node.inputs[index] ?? '');
      const isOne = value !== undefined && 'features' in value === isSparse;
      const rule = `${node.op} must read ${isSparse ? 'features on sites' : 'a dense tensor'} that nodes before it give`;
      requireRange(isOne, op, rule, node.inputs[index]);
      return value!;
    };
    const value = await nodes[node.op!]({
      node,
      attributes: new OnnxAttributes(op, node),
      name: unusedName(names, node.name || node.op!),
      sparse: (index) => find(index, true) as SymbolicSparseTensor,
      dense: (index) => find(index, false) as SymbolicTensor,
      weights,
      rulebooks,
      later: (set) => setters.push(set),
    });
    made.set(node.outputs[0] ?? '', value);
  }
  const output = made.get(graph.outputs[0].name ?? '');
  requireRange(output !== undefined, op, 'a node must give the output', graph.outputs[0].name);
  const outputs = 'features' in output! ? [output.features, output.coords] : [output!];
  const built = modelOf({ inputs: [features, coords], outputs, name: op });
  try {
    setters.forEach((set) => set());
    return built;
  } catch (error) {
    built.dispose();
    throw error;
  }
}

function unusedName(taken: Set<string>, wanted: string): string {
  let name = wanted;
  for (let i = 1; taken.has(name); i++) name = `${wanted}_${i}`;
  taken.add(name);
  return name;
}
