import { object } from './json-values.js';

export interface ExportedInput {
  readonly kind: 'user' | 'parameter' | 'buffer' | 'constant' | 'other';
  /** Of the graph's value. */
  readonly name: string;
  /** In `weights`; null for what the user gives. */
  readonly target: string | null;
}

/** A union of kinds, each with the name of its value and, of weights, of its target. */
export function inputOf(spec: unknown): ExportedInput {
  const [[kind, given]] = Object.entries(object(spec, 'an input'));
  const value = object(given, kind);
  const name = nameOf(value.arg);
  switch (kind) {
    case 'user_input':
      return { kind: 'user', name, target: null };
    case 'parameter':
      return { kind, name, target: String(value.parameter_name) };
    case 'buffer':
      return { kind, name, target: String(value.buffer_name) };
    case 'tensor_constant':
      return { kind: 'constant', name, target: String(value.tensor_constant_name) };
    default:
      return { kind: 'other', name, target: null };
  }
}

/** Unions of kinds: what the user gets, and what a run writes into buffers and inputs. */
export function outputsOf(specs: readonly unknown[]): { readonly outputs: string[]; readonly changed: string[] } {
  const [outputs, changed]: string[][] = [[], []];
  for (const spec of specs) {
    const [[kind, given]] = Object.entries(object(spec, 'an output'));
    const value = object(given, kind);
    if (kind === 'user_output') outputs.push(nameOf(value.arg));
    else if (kind !== 'token')
      changed.push(String(value.buffer_name ?? value.user_input_name ?? value.parameter_name ?? kind));
  }
  return { outputs, changed };
}

/** Of a tensor or size, given plainly or as an argument of its kind; empty for a constant. */
function nameOf(arg: unknown): string {
  const given = object(arg, 'an argument') as { name?: unknown; as_tensor?: unknown; as_sym_int?: unknown };
  if (typeof given.name === 'string') return given.name;
  if (given.as_sym_int !== undefined) return String(object(given.as_sym_int, 'a size').as_name ?? '');
  return given.as_tensor === undefined ? '' : String(object(given.as_tensor, 'a tensor').name);
}
