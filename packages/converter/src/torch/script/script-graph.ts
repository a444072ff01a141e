import type { ByteSource } from '../../bytes/byte-source.js';
import { requireFormat } from '../../format-error.js';
import type { Graph } from '../../graph/graph.js';
import { plain } from '../../lowering/layout.js';
import { TensorBuilder } from '../../lowering/tensor-builder.js';
import { wellFormed } from '../../lowering/well-formed.js';
import type { Archive } from '../archive.js';
import { isInput, scriptInput, type GivenInputs } from './script-inputs.js';
import { ScriptInterpreter } from './interpreter.js';
import { ScriptObjects } from './script-objects.js';
import {
  refusal,
  ScriptDict,
  ScriptFunctionValue,
  ScriptList,
  ScriptSize,
  ScriptTuple,
  type ScriptValue,
} from './script-values.js';
import { TensorBox } from './tensor-box.js';
import { reader } from './tokens.js';

/**
 * A network of TorchScript, traced or scripted, as a graph of tfjs: its code is followed, never executed, so conditions must be
 * known before a run. Inputs keep their names; outputs are `output_0`, … in their order, those of a dict their keys.
 *
 * @param inputs shapes by name, for what the file does not say: traced files of PyTorch 2 keep the inputs of the trace
 * @throws FormatError for ops that are not covered, conditions on the values of tensors, and inputs without shapes
 */
export function torchScriptGraph(source: ByteSource, archive: Archive, inputs: GivenInputs = {}): Promise<Graph> {
  return wellFormed(reader, () => graphOf(source, archive, inputs));
}

async function graphOf(source: ByteSource, archive: Archive, inputs: GivenInputs): Promise<Graph> {
  const builder = new TensorBuilder();
  const objects = await ScriptObjects.of(source, archive, builder);
  const root = await objects.root();
  const forward = root.ofClass?.methods.get('forward') ?? root.ofClass?.methods.get('forward__0'); // the first of overloads
  requireFormat(forward !== undefined, reader, `${source.name} must have a method forward`, root.className);
  const traced = await objects.tracedInputs();
  const parameters = forward.parameters.slice(1);
  const unknown = Object.keys(inputs).filter((name) => !parameters.some((parameter) => parameter.name === name));
  const names = parameters.map(({ name }) => name).join(', ');
  requireFormat(unknown.length === 0, reader, `inputs must be of ${names}`, unknown.join(', '));
  const missing = parameters.filter(({ name, byDefault }, i) => !inputs[name] && !isInput(traced[i]) && byDefault === null); // prettier-ignore
  requireFormat(missing.length === 0, reader, 'shapes of inputs that a script does not say must be given (inputs, --input NAME=LENGTHS)', `none for ${missing.map(({ name }) => name).join(', ')}`); // prettier-ignore
  const given = new Map<string, ScriptValue>();
  parameters.forEach(({ name }, i) => {
    if (inputs[name] || isInput(traced[i])) given.set(name, scriptInput(builder, name, inputs[name], traced[i]));
  });
  const interpreter = new ScriptInterpreter(builder, objects);
  const made = await interpreter.call(new ScriptFunctionValue(forward, root), [], given);
  writeOutputs(builder, made);
  return builder.finish();
}

function writeOutputs(builder: TensorBuilder, made: ScriptValue): void {
  const outputs: (readonly [string | null, TensorBox | number | ScriptSize])[] = [];
  const collect = (value: ScriptValue, name: string | null): void => {
    if (value instanceof TensorBox || value instanceof ScriptSize || typeof value === 'number')
      outputs.push([name, value]);
    else if (value instanceof ScriptList || value instanceof ScriptTuple)
      value.items.forEach((item) => collect(item, null));
    else if (value instanceof ScriptDict) value.entries.forEach((item, key) => collect(item, String(key)));
    else if (value !== null) throw refusal('tensors as outputs', value);
  };
  collect(made, null);
  requireFormat(outputs.length > 0, reader, 'a script must return tensors', 'none');
  outputs.forEach(([key, value], i) => {
    const name = key ?? `output_${i}`;
    builder.scope = name;
    const size = value instanceof ScriptSize ? value.name : value;
    builder.output(name, size instanceof TensorBox ? plain(builder, size.read()) : builder.integers([size], []));
  });
}
