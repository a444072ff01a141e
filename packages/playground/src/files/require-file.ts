/** Throws a RangeError unless `holds`. Whoever opened the file puts its name before the message. */
export function requireFile(holds: boolean, rule: string, value: string | number | undefined): asserts holds {
  if (!holds) throw fileError(rule, value);
}

/** What is wrong with a file: what must hold, and the value that does not, which may be anything that a file has. */
export function fileError(rule: string, value: string | number | undefined, cause?: unknown): RangeError {
  const printable = String(value).replace(/\p{C}/gu, '?').slice(0, longestValue);
  return new RangeError(`${rule}, got ${printable || 'nothing'}`, { cause });
}

const longestValue = 200;
