import { violation } from '@tfjs-sparse/core';
import { FormatError, requireFormat } from '../format-error.js';
import { reader, type AtenArgument } from './aten-operation.js';
import type { ExportedArgument } from './read-export.js';

/** The tensor or size of a name. */
export type Lookup = (name: string) => AtenArgument;

type Named = { readonly name: string };
type Size = { readonly as_int: number } | { readonly as_name: string };

/** A union of the schema with its tensors and sizes looked up. */
export function argumentOf(argument: ExportedArgument, lookup: Lookup): AtenArgument {
  const [[kind, value]] = Object.entries(argument);
  const tensorOf = ({ name }: Named) => {
    const value = lookup(name);
    requireFormat(
      value !== null,
      reader,
      'nodes must read outputs that tfjs has, such as no indices of poolings',
      name,
    );
    return value;
  };
  const sizeOf = (size: Size) => ('as_name' in size ? lookup(size.as_name) : argumentOf(size, lookup));
  switch (kind) {
    case 'as_tensor':
      return tensorOf(value as Named);
    case 'as_tensors':
      return (value as readonly Named[]).map(tensorOf);
    case 'as_optional_tensors':
      return (value as readonly ExportedArgument[]).map((each) => argumentOf(each, lookup));
    case 'as_int':
    case 'as_bool':
    case 'as_string':
    case 'as_scalar_type':
      return value as number | boolean | string;
    case 'as_float':
      return Number(value); // those that JSON has not are texts
    case 'as_floats':
      return (value as readonly (number | string)[]).map(Number);
    case 'as_ints':
    case 'as_bools':
    case 'as_strings':
      return value as readonly (number | boolean | string)[];
    case 'as_sym_int':
    case 'as_sym_bool':
    case 'as_sym_float':
      return sizeOf(value as Size);
    case 'as_sym_ints':
    case 'as_sym_bools':
    case 'as_sym_floats':
      return (value as readonly Size[]).map(sizeOf);
    case 'as_none':
    case 'as_device':
    case 'as_layout':
    case 'as_memory_format':
      return null;
    default:
      throw new FormatError(violation(reader, 'arguments must be tensors, numbers, sizes or texts', kind));
  }
}

/** Names of what a node gives, with an empty one for none. */
export function namesOf(outputs: readonly ExportedArgument[]): string[] {
  return outputs.flatMap((output) => {
    const [[kind, value]] = Object.entries(output);
    if (kind === 'as_tensors') return (value as readonly Named[]).map(({ name }) => name);
    if (kind === 'as_optional_tensors')
      return (value as readonly ExportedArgument[]).flatMap((each) => namesOf([each]));
    const { name, as_name: size } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Named & { as_name: string }>; // prettier-ignore
    return [name ?? size ?? ''];
  });
}
