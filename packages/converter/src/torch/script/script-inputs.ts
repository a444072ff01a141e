import { StoredTensor } from '../../checkpoint/stored-tensor.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import type { ElementType } from '../../lowering/value.js';
import { PickleDict, PickleList, PickleObject, PickleTuple, type PickleValue } from '../pickle/values.js';
import { ScriptDict, ScriptList, ScriptTuple, type ScriptValue } from './script-values.js';
import { TensorBox } from './tensor-box.js';

/** Shapes of a network's inputs by name, null for a length that only a run knows; the type is float32 where none is given. */
export type GivenInputs = Readonly<
  Record<string, { readonly shape: readonly (number | null)[]; readonly dtype?: ElementType }>
>;

/** What a list or dict is that torch.jit has given a type in its pickle. */
export function untagged(value: PickleValue): PickleValue {
  return value instanceof PickleObject && value.made.module === 'torch.jit._pickle' ? untagged(value.args[0]) : value;
}

/** Whether a traced file has an input: a tensor, or tensors. */
export function isInput(given: PickleValue | undefined): boolean {
  const traced = given === undefined ? given : untagged(given);
  if (traced instanceof StoredTensor) return true;
  if (traced instanceof PickleTuple || traced instanceof PickleList) return traced.items.every(isInput);
  return traced instanceof PickleDict && [...traced.entries.values()].every(isInput);
}

/** An input, or several in the lists and dicts of a trace: `x`, or `x_0`, `x_1`, … */
export function scriptInput(
  builder: TensorBuilder,
  name: string,
  given: GivenInputs[string] | undefined,
  tagged: PickleValue | undefined,
): ScriptValue {
  if (given) {
    const shape = given.shape.map((length, axis) => length ?? `${name}_axis${axis}`);
    return new TensorBox(builder.input(name, given.dtype ?? 'float32', shape));
  }
  const traced = untagged(tagged ?? null);
  if (traced instanceof StoredTensor) {
    const { dtype, shape } = traced;
    const type = dtype === 'bool' ? 'bool' : /float/.test(dtype) ? 'float32' : 'int32';
    return new TensorBox(builder.input(name, type, shape));
  }
  const inner = (value: PickleValue, key: PickleValue) =>
    scriptInput(builder, `${name}_${String(key)}`, undefined, value);
  if (traced instanceof PickleList) return new ScriptList(traced.items.map(inner));
  if (traced instanceof PickleTuple) return new ScriptTuple(traced.items.map(inner));
  const entries = traced instanceof PickleDict ? [...traced.entries] : [];
  return new ScriptDict(new Map(entries.map(([key, value]) => [String(key), inner(value, key)])));
}
