import { FormatError, requireFormat } from '../format-error.js';
import type { Graph } from '../graph/graph.js';
import { requireCovered } from '../lowering/covered.js';
import { plain } from '../lowering/layout.js';
import { NetworkWeights } from '../lowering/network-weights.js';
import { wellFormed } from '../lowering/well-formed.js';
import { storedConstant } from '../lowering/stored-constant.js';
import { TensorBuilder } from '../lowering/tensor-builder.js';
import type { ElementType, Length, Value } from '../lowering/value.js';
import type { OnnxNodeMessage, OnnxValueMessage } from './messages.js';
import { OnnxAttributes } from './onnx-operation.js';
import { onnxOps } from './ops/index.js';
import { dtypes, type OnnxModel } from './read-onnx.js';
import { dtypeOf } from '../checkpoint/tensor-summary.js';

const name = 'onnxGraph';
const types: Readonly<Record<number, ElementType>> = {
  1: 'float32',
  2: 'int32',
  3: 'int32',
  4: 'int32',
  5: 'int32',
  6: 'int32',
  7: 'int32',
  9: 'bool',
  10: 'float32',
  11: 'float32',
  12: 'int32',
  13: 'int32',
  16: 'float32',
};

/**
 * A model of ONNX as a graph of tfjs with the same inputs and outputs. Images stay as they are at inputs and outputs
 * (`[batch, channels, height, width]`) and are NHWC between them.
 *
 * @throws FormatError that names all operators which are not covered, with their nodes; and for what does not fit
 */
export function onnxGraph(model: OnnxModel): Promise<Graph> {
  return wellFormed(name, () => graphOf(model));
}

async function graphOf(model: OnnxModel): Promise<Graph> {
  requireOps(model);
  const { graph, weights, opsets } = model;
  const builder = new TensorBuilder();
  const values = new Map<string, Value>();
  const notGiven = new Map<string, string>();
  const typeNames = new Map(Array.from(weights, ([ofWeight, weight]) => [ofWeight, dtypeOf(weight) as string]));
  for (const given of graph.inputs) {
    if (weights.has(given.name ?? '')) continue;
    values.set(given.name ?? '', inputOf(builder, given));
    typeNames.set(given.name ?? '', dtypes[given.type?.tensor?.type ?? 0]);
  }
  const outputs = graph.outputs.map(({ name: wanted = '' }) => wanted);
  const ofWeights = new NetworkWeights(builder, weights, [...graph.nodes.flatMap((node) => node.inputs), ...outputs]);
  const valueOf = (wanted: string): Value | null => {
    if (wanted === '') return null;
    const value = values.get(wanted) ?? ofWeights.get(wanted);
    const op = notGiven.get(wanted);
    requireFormat(op === undefined, name, `${op} must be asked for its first outputs only`, wanted);
    requireFormat(value !== undefined, name, 'nodes must read what inputs, weights or nodes before them give', wanted);
    return value;
  };
  for (const node of graph.nodes) {
    await ofWeights.load(node.inputs);
    const inputs = node.inputs.map(valueOf);
    const attributes = await attributesOf(model, builder, node);
    builder.scope = placeOf(node);
    const opset = opsets.get(domainOf(node)) ?? 1;
    const types = node.inputs.map((wanted) => typeNames.get(wanted));
    const operation = { builder, op: node.op!, inputs, types, outputs: node.outputs.length, attributes, opset };
    const made = named(node, () => [onnxOps[node.op!](operation)].flat());
    ofWeights.release(node.inputs);
    node.outputs.forEach((output, i) => {
      const value = made[i];
      if (value) values.set(output, value);
      else notGiven.set(output, node.op!);
    });
  }
  await ofWeights.load(outputs);
  for (const wanted of outputs) {
    const value = valueOf(wanted);
    requireFormat(value !== null, name, 'outputs must have names', 'none');
    builder.scope = wanted;
    builder.output(wanted, plain(builder, value));
  }
  return builder.finish();
}

function requireOps({ graph, opsets }: OnnxModel): void {
  const isCovered = (node: OnnxNodeMessage) =>
    domainOf(node) === '' && opsets.has('') && Object.hasOwn(onnxOps, node.op ?? '');
  const uncovered = graph.nodes.filter((node) => !isCovered(node));
  requireCovered(
    name,
    'operators',
    uncovered.map((node) => [[domainOf(node), node.op].filter(Boolean).join('.'), placeOf(node)]),
  );
}

function domainOf({ domain = '' }: OnnxNodeMessage): string {
  return domain === 'ai.onnx' ? '' : domain;
}

/** Where in the network a node is: its module and op, as PyTorch's exporter notes them (`['', 'head', 'head.fc', 'linear']`), or its name. */
function placeOf({ name: ofNode, outputs, metadata }: OnnxNodeMessage): string {
  const scopes = metadata.find(({ key }) => key === 'pkg.torch.onnx.name_scopes')?.value ?? '';
  const [module, op] = Array.from(scopes.matchAll(/'([^']*)'/g), ([, scope]) => scope).slice(-2);
  return op === undefined ? (ofNode ?? outputs[0] ?? '') : [module, op].filter(Boolean).join('.');
}

function inputOf(builder: TensorBuilder, { name: given = '', type }: OnnxValueMessage): Value {
  const { type: code = 0, shape } = type?.tensor ?? {};
  const dtype = types[code];
  requireFormat(dtype !== undefined, name, `the input ${given} must be a tensor of real numbers`, code);
  requireFormat(shape !== undefined, name, `the input ${given} must have a known rank`, 'none');
  const lengths = shape.sizes.map(({ size, name: ofSize }, axis): Length => {
    if (size !== undefined && size >= 0n && !ofSize) return Number(size);
    return (ofSize || `${given}_axis${axis}`).replace(/[^\w]/g, '_').replace(/^(?=\d)/, '_');
  });
  return builder.input(given, dtype, lengths);
}

async function attributesOf(model: OnnxModel, builder: TensorBuilder, node: OnnxNodeMessage): Promise<OnnxAttributes> {
  const tensors = new Map<string, Value>();
  builder.scope = placeOf(node);
  for (const { name: ofAttribute = '', tensor } of node.attributes) {
    if (tensor) tensors.set(ofAttribute, await storedConstant(builder, await model.tensorOf(tensor)));
  }
  return new OnnxAttributes(node.op ?? '', node.attributes, tensors);
}

/** Says in an error which node it is about. */
function named<T>(node: OnnxNodeMessage, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new FormatError(`${message} (in ${node.op} ${placeOf(node)})`, { cause: error });
  }
}
