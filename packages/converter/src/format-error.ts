import { violation } from '@tfjs-sparse/core';

/** A file is not what its reader reads: damaged, hostile, or of another kind. */
export class FormatError extends RangeError {
  override readonly name = 'FormatError';
}

/** Throws a FormatError unless `holds`. @param reader of the format, in whose name the message is */
export function requireFormat(holds: boolean, reader: string, rule: string, value: unknown): asserts holds {
  if (!holds) throw new FormatError(violation(reader, rule, value));
}
