/** The one form of the engine's messages: `<op>: <what must hold>, got <value>`. */
export function violation(op: string, rule: string, value: unknown): string {
  return `${op}: ${rule}, got ${describe(value)}`;
}

/** Throws a RangeError unless `holds`; for wrong values. */
export function requireRange(holds: boolean, op: string, rule: string, value: unknown): asserts holds {
  if (!holds) throw new RangeError(violation(op, rule, value));
}

/** Throws a TypeError unless `holds`; for wrong kinds. */
export function requireType(holds: boolean, op: string, rule: string, value: unknown): asserts holds {
  if (!holds) throw new TypeError(violation(op, rule, value));
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  if (ArrayBuffer.isView(value)) return `[${Array.from(value as ArrayBufferView & ArrayLike<unknown>).join(', ')}]`;
  return value === '' ? "''" : String(value);
}
