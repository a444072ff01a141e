import { QuantizedTensor } from '../../checkpoint/quantized-tensor.js';
import { StoredTensor } from '../../checkpoint/stored-tensor.js';
import { FormatError, requireFormat } from '../../format-error.js';
import type { Graph } from '../../graph/graph.js';
import { plain } from '../../lowering/layout.js';
import { storedConstant } from '../../lowering/stored-constant.js';
import { TensorBuilder } from '../../lowering/tensor-builder.js';
import { wellFormed } from '../../lowering/well-formed.js';
import { PickleDict, PickleList, PickleObject, PickleTuple, type PickleValue } from '../pickle/values.js';
import { callAten } from '../script/call-aten.js';
import { scriptInput, type GivenInputs } from '../script/script-inputs.js';
import { ScriptList, ScriptTuple, type ScriptValue } from '../script/script-values.js';
import { ScriptFloat } from '../script/syntax.js';
import { TensorBox } from '../script/tensor-box.js';
import { moduleRules, type ModuleAttributes } from './module-rules.js';

const reader = 'moduleGraph';
const containers = ['Sequential'];

/** Whether a value of a pickle is a module of torch.nn or of a class of its own. */
export function isModule(value: PickleValue): value is PickleObject & { readonly state: PickleDict } {
  return (
    value instanceof PickleObject &&
    value.state instanceof PickleDict &&
    value.state.get('_modules') instanceof PickleDict
  );
}

/** Modules of other classes than those of torch.nn that are covered: their code is not in the file. */
export function otherModules(module: PickleValue, path = ''): string[] {
  if (!isModule(module) || Object.hasOwn(moduleRules, nnName(module) ?? '')) return [];
  if (!containers.includes(nnName(module) ?? '')) return [`${path || 'the module itself'} (${module.made.path})`];
  return childrenOf(module).flatMap(([name, child]) => otherModules(child, path === '' ? name : `${path}.${name}`));
}

/**
 * A module that was saved whole, as a graph of tfjs: `Sequential` of modules of torch.nn, whose code the file need not have. Its
 * input is `input`, its output `output_0`.
 *
 * @param inputs the shape of `input`, null for a length that only a run knows
 * @throws FormatError that names all modules of other classes with their paths
 */
export function moduleGraph(module: PickleValue, inputs: GivenInputs = {}): Promise<Graph> {
  return wellFormed(reader, () => graphOf(module, inputs));
}

async function graphOf(module: PickleValue, inputs: GivenInputs): Promise<Graph> {
  requireFormat(isModule(module), reader, 'a file must hold a module', 'another value');
  const others = otherModules(module).join(', ');
  requireFormat(others === '', reader, 'modules must be of classes of torch.nn whose code is known', others);
  requireFormat(inputs.input !== undefined, reader, 'the shape of input must be given, as a module does not say it (inputs, --input input=LENGTHS)', Object.keys(inputs).join(', ') || 'none'); // prettier-ignore
  const builder = new TensorBuilder();
  let x = scriptInput(builder, 'input', inputs.input, undefined);
  for (const [path, leaf] of leavesOf(module, '')) x = await applied(builder, leaf, path, x);
  builder.scope = 'output_0';
  builder.output('output_0', plain(builder, (x as TensorBox).read()));
  return builder.finish();
}

/** In the order of their calls. */
function leavesOf(
  module: PickleObject & { state: PickleDict },
  path: string,
): [string, PickleObject & { state: PickleDict }][] {
  if (!containers.includes(nnName(module)!)) return [[path, module]];
  return childrenOf(module).flatMap(([name, child]) => leavesOf(child, path === '' ? name : `${path}.${name}`));
}

function childrenOf({ state }: PickleObject & { state: PickleDict }) {
  const modules = state.get('_modules') as PickleDict;
  return [...modules.entries].map(([name, child]) => {
    requireFormat(isModule(child), reader, 'modules must hold modules', String(name));
    return [String(name), child] as const;
  });
}

/** `Linear` of `torch.nn.modules.linear.Linear`; null for a class of another package. */
function nnName({ made }: PickleObject): string | null {
  return /^torch\.nn(\.|$)/.test(made.module) ? made.name : null;
}

async function applied(
  builder: TensorBuilder,
  module: PickleObject & { state: PickleDict },
  path: string,
  x: ScriptValue,
): Promise<ScriptValue> {
  const tensors = new Map<string, ScriptValue>();
  for (const kind of ['_parameters', '_buffers']) {
    const held = module.state.get(kind);
    for (const [name, tensor] of held instanceof PickleDict ? held.entries : []) {
      if (!(tensor instanceof StoredTensor || tensor instanceof QuantizedTensor)) continue;
      builder.scope = `${path}.${String(name)}`;
      tensors.set(String(name), new TensorBox(await storedConstant(builder, tensor)));
    }
  }
  builder.scope = path;
  const attributes: ModuleAttributes = {
    get(name, byDefault) {
      const value = module.state.get(name);
      requireFormat(value !== undefined || byDefault !== undefined, reader, `${path} must have ${name}`, 'none');
      return value === undefined ? byDefault! : scriptValue(value, name);
    },
    tensor(name) {
      const [whole, mask] = [tensors.get(`${name}_orig`), tensors.get(`${name}_mask`)]; // of torch.nn.utils.prune
      if (whole === undefined || mask === undefined) return tensors.get(name) ?? null;
      return callAten(builder, { op: 'mul', args: [whole, mask], named: new Map() });
    },
  };
  const zeros = module.state.get('padding_mode') ?? 'zeros';
  requireFormat(zeros === 'zeros', reader, `${path} must be padded with zeros`, String(zeros));
  const rank = (x as TensorBox).read().shape.length;
  const op = moduleRules[nnName(module)!](attributes, rank);
  if (op === null) return x;
  try {
    return callAten(builder, {
      op: op.op,
      args: [...(op.before ?? []), x, ...(op.args ?? [])],
      named: new Map(Object.entries(op.named ?? {})),
    });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(`${error.message} (in ${module.made.path} ${path})`, { cause: error });
  }
}

function scriptValue(value: PickleValue, name: string): ScriptValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? value : new ScriptFloat(value);
  if (value instanceof PickleList) return new ScriptList(value.items.map((item) => scriptValue(item, name)));
  if (value instanceof PickleTuple) return new ScriptTuple(value.items.map((item) => scriptValue(item, name)));
  if (value instanceof PickleObject && value.args.length === 1) return scriptValue(value.args[0], name); // torch.Size
  throw new FormatError(`${reader}: ${name} must be numbers and texts, got another value`);
}
