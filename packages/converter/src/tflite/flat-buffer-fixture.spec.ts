// Not a spec itself: writes small FlatBuffers.

/** A number takes four bytes, which a reader of one byte finds as well: they are little-endian. */
export type FlatValue = number | FlatRecord | readonly FlatRecord[] | Int32Array | Uint8Array;

/** Values by the number of their field. */
export type FlatRecord = { readonly [field: number]: FlatValue };

/** A FlatBuffer of a table; what a table refers to lies behind it. */
export function flatBuffer(root: FlatRecord): ArrayBuffer {
  const bytes: number[] = [];
  const write = (value: number, size: number, at = bytes.length) => {
    for (let i = 0; i < size; i++) bytes[at + i] = (value >> (8 * i)) & 255;
  };
  /** Writes a value behind all others and gives its place. */
  const place = (value: Exclude<FlatValue, number>): number => {
    if (ArrayBuffer.isView(value)) {
      const start = bytes.length;
      write(value.length, 4);
      for (const each of value) write(each, value.BYTES_PER_ELEMENT);
      while (bytes.length % 4 > 0) bytes.push(0);
      return start;
    }
    return Array.isArray(value) ? placeTables(value) : placeTable(value as FlatRecord);
  };
  const placeTables = (tables: readonly FlatRecord[]): number => {
    const start = bytes.length;
    write(tables.length, 4);
    for (let i = 0; i < tables.length; i++) write(0, 4);
    tables.forEach((table, i) => write(placeTable(table) - (start + 4 + 4 * i), 4, start + 4 + 4 * i));
    return start;
  };
  const placeTable = (table: FlatRecord): number => {
    const fields = Object.keys(table).map(Number);
    const count = Math.max(0, ...fields.map((field) => field + 1));
    const fieldOffsets = bytes.length;
    write(4 + 2 * count, 2);
    write(4 + 4 * fields.length, 2);
    for (let field = 0; field < count; field++) write(field in table ? 4 + 4 * fields.indexOf(field) : 0, 2);
    while (bytes.length % 4 > 0) bytes.push(0);
    const start = bytes.length;
    write(start - fieldOffsets, 4);
    for (let i = 0; i < fields.length; i++) write(0, 4);
    fields.forEach((field, i) => {
      const [value, at] = [table[field], start + 4 + 4 * i];
      write(typeof value === 'number' ? value : place(value) - at, 4, at);
    });
    return start;
  };
  write(0, 4);
  write(placeTable(root), 4, 0);
  return Uint8Array.from(bytes).buffer;
}
