import { FormatError, requireFormat } from '../format-error.js';
import type { Graph } from '../graph/graph.js';
import { requireCovered, someOf } from '../lowering/covered.js';
import { converted } from '../lowering/division.js';
import { wellFormed } from '../lowering/well-formed.js';
import { plain, reshape } from '../lowering/layout.js';
import { NetworkWeights } from '../lowering/network-weights.js';
import { TensorBuilder } from '../lowering/tensor-builder.js';
import type { ElementType, Value } from '../lowering/value.js';
import { atenOpName, atenOps } from './aten/index.js';
import { AtenOperation, reader, type AtenArgument } from './aten-operation.js';
import { argumentOf, namesOf, type Lookup } from './exported-arguments.js';
import { declaredLength, ignoredTargets, sizeOps } from './exported-sizes.js';
import { followChanges, selfOf } from './in-place.js';
import { inlined } from './inlined-graphs.js';
import type { ExportedNode, ExportedProgram } from './read-export.js';

/** ScalarType of the schema; complex numbers have none. */
const types: Readonly<Record<number, ElementType>> = {
  1: 'int32',
  2: 'int32',
  3: 'int32',
  4: 'int32',
  5: 'int32',
  6: 'float32',
  7: 'float32',
  8: 'float32',
  12: 'bool',
  13: 'float32',
  28: 'int32',
  29: 'float32',
  30: 'float32',
  34: 'int32',
  35: 'int32',
};

/**
 * A program of torch.export as a graph of tfjs: as it is exported, or after `run_decompositions()`. Its inputs keep their
 * names, its outputs are `output_0`, … in their order. Images stay `[batch, channels, height, width]` at both.
 *
 * @throws FormatError that names all ops which are not covered, with their modules; and for what does not fit
 */
export function exportedGraph(program: ExportedProgram): Promise<Graph> {
  return wellFormed(reader, () => graphOf(program));
}

async function graphOf(given: ExportedProgram): Promise<Graph> {
  const program = { ...given, graph: inlined(given.graph) };
  requireOps(program);
  requireUnchanged(program);
  const { graph, inputs, outputs, weights } = program;
  const builder = new TensorBuilder();
  const values = new Map<string, AtenArgument>();
  const { sameAs, viewsBehind } = followChanges(program);
  const readBy = (node: ExportedNode) => namesRead(node.inputs.map(({ arg }) => arg)).map(sameAs);
  const uses = new Map(graph.nodes.map((node) => [node, [node, ...viewsBehind(node)].flatMap(readBy)]));
  const tensors = new Map(
    inputs.flatMap(({ name, target }) => {
      const weight = target === null ? undefined : weights.get(target);
      return weight ? [[name, weight] as const] : [];
    }),
  );
  const ofWeights = new NetworkWeights(builder, tensors, [...[...uses.values()].flat(), ...outputs]);
  for (const { kind, name } of inputs) if (kind === 'user' && name !== '') values.set(name, inputOf(builder, program, name)); // prettier-ignore
  const lookup: Lookup = (name) => {
    const first = sameAs(name);
    const value = values.has(first) ? values.get(first) : ofWeights.get(first);
    requireFormat(value !== undefined, reader, 'nodes must read what inputs, weights or nodes before them give', name);
    return value;
  };
  for (const node of graph.nodes) {
    if (ignoredTargets.has(node.target)) continue;
    await ofWeights.load(uses.get(node)!);
    builder.scope = placeOf(node);
    const made = named(node, () => valuesOf(program, builder, node, lookup));
    made.forEach((value, name) => values.set(sameAs(name), value));
    let [changed] = [...made.values()];
    for (const view of viewsBehind(node)) {
      const whole = selfOf(view)!;
      changed = written(builder, view, changed, lookup);
      values.set(sameAs(whole), changed);
    }
    ofWeights.release(uses.get(node)!);
  }
  await ofWeights.load(outputs);
  outputs.forEach((name, i) => {
    if (name === '') return; // a constant of Python, such as None
    builder.scope = `output_${i}`;
    const value = named(null, () => tensorOf(builder, lookup(name), name));
    builder.output(`output_${i}`, plain(builder, value));
  });
  return builder.finish();
}

/** Names of the tensors in arguments, however deep. */
function namesRead(given: unknown): string[] {
  if (Array.isArray(given)) return given.flatMap(namesRead);
  if (typeof given !== 'object' || given === null) return [];
  return Object.entries(given).flatMap(([key, value]) => (key === 'name' && typeof value === 'string' ? [value] : namesRead(value))); // prettier-ignore
}

/** What a node makes, by the names of the program. */
function valuesOf(
  program: ExportedProgram,
  builder: TensorBuilder,
  node: ExportedNode,
  lookup: Lookup,
): Map<string, AtenArgument> {
  const given = node.inputs.map(({ name, arg }) => [name, argumentOf(arg, lookup)] as const);
  const outputs = namesOf(node.outputs);
  if (Object.hasOwn(sizeOps, node.target)) {
    return new Map([[outputs[0], sizeOps[node.target](builder, given.map(([, argument]) => argument))]]); // prettier-ignore
  }
  const op = node.target.replace('torch.ops.aten.', '');
  const dtype = types[program.graph.tensor_values[outputs[0]]?.dtype] ?? 'float32';
  const operation = new AtenOperation(builder, op, new Map(given), dtype);
  const made = [atenOps[atenOpName(node.target)!](operation)].flat();
  return new Map(
    outputs.flatMap((name, i) => {
      const value = made[i] ?? null;
      return name === '' ? [] : [[name, value && settled(program, builder, name, value)]];
    }),
  );
}

/** The tensor of a view with what a change has made of the view. */
function written(builder: TensorBuilder, view: ExportedNode, part: AtenArgument, lookup: Lookup): Value {
  const op = view.target.replace('torch.ops.aten.', '');
  const given = new Map(view.inputs.map(({ name, arg }) => [name, argumentOf(arg, lookup)]));
  const whole = given.get('self') as Value;
  const operation = new AtenOperation(builder, op, given.set('src', part), whole.dtype);
  const name = op.startsWith('slice') ? 'slice_scatter' : op.startsWith('select') ? 'select_scatter' : null;
  return name ? (atenOps[name](operation) as Value) : reshape(builder, part as Value, whole.shape);
}

/** In the declared type, and with the sizes that the program knows. */
function settled({ graph }: ExportedProgram, builder: TensorBuilder, name: string, value: Value): Value {
  const { dtype, sizes } = graph.tensor_values[name];
  requireFormat(types[dtype] !== undefined, reader, `${name} must be of real numbers`, `dtype ${dtype}`);
  const typed = converted(builder, value, types[dtype]);
  const declared = sizes.map(declaredLength);
  const isFitting = (length: unknown, axis: number) => [length, declared[axis]].some((each) => typeof each === 'string') || length === declared[axis]; // prettier-ignore
  if (typed.shape.length !== declared.length || !typed.shape.every(isFitting)) {
    throw new Error(`internal: ${name} must have the shape [${declared}], got [${typed.shape}]`);
  }
  const shape = typed.shape.map((length, axis) => (typeof declared[axis] === 'number' ? declared[axis] : length));
  return shape.every((length, axis) => length === typed.shape[axis]) ? typed : { ...typed, shape };
}

function inputOf(builder: TensorBuilder, { graph }: ExportedProgram, name: string): Value {
  const { dtype, sizes } = graph.tensor_values[name] ?? {};
  requireFormat(
    types[dtype] !== undefined,
    reader,
    `the input ${name} must be a tensor of real numbers`,
    `dtype ${dtype}`,
  );
  return builder.input(name, types[dtype], sizes.map(declaredLength));
}

function tensorOf(builder: TensorBuilder, value: AtenArgument, name: string): Value {
  if (typeof value === 'number' || typeof value === 'string') return builder.integers([value], []);
  const isTensor = typeof value === 'object' && value !== null && 'node' in value;
  requireFormat(isTensor, reader, 'outputs must be tensors that tfjs can give', name);
  return value;
}

function requireOps({ graph }: ExportedProgram): void {
  const isCovered = ({ target }: ExportedNode) =>
    atenOpName(target) !== null || Object.hasOwn(sizeOps, target) || ignoredTargets.has(target);
  const uncovered = graph.nodes.filter((node) => !isCovered(node));
  requireCovered(
    reader,
    'ops',
    uncovered.map((node) => [node.target.replace('torch.ops.', ''), placeOf(node)]),
  );
}

/** A graph of tfjs has no memory between its runs. */
function requireUnchanged({ changed }: ExportedProgram): void {
  requireFormat(changed.length === 0, reader, 'a program must not change its buffers and inputs', someOf(changed));
}

/** The module that a node is of, by the last entry of its stack (`key,path,class` with semicolons between), and its name. */
function placeOf({ metadata, outputs }: ExportedNode): string {
  const path = metadata.nn_module_stack?.split(';').at(-1)?.split(',')[1] ?? '';
  const [name = ''] = namesOf(outputs);
  return [path.startsWith('_empty') ? '' : path, name].filter(Boolean).join('.');
}

/** Says in an error which node it is about. */
function named<T>(node: ExportedNode | null, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof FormatError) || !node) throw error;
    throw new FormatError(`${error.message} (in ${node.target} ${placeOf(node)})`, { cause: error });
  }
}
