import { requireFormat } from '../format-error.js';

const name = 'readTflite';

/**
 * A table of a FlatBuffer (google.github.io/flatbuffers/internals); fields by their number in the schema. Every offset is
 * checked against the file before it is followed.
 */
export class FlatTable {
  private readonly fieldOffsets: number;

  constructor(
    private readonly view: DataView,
    private readonly start: number,
  ) {
    this.fieldOffsets = start - view.getInt32(this.checked(start, 4), true);
    this.checked(this.fieldOffsets, 4);
  }

  /** The table that a FlatBuffer is. */
  static root(bytes: ArrayBuffer): FlatTable {
    const view = new DataView(bytes);
    requireFormat(bytes.byteLength >= 8, name, 'a file must have at least 8 bytes', bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  byte(field: number): number {
    const at = this.position(field);
    return at === null ? 0 : this.view.getInt8(this.checked(at, 1));
  }

  int32(field: number): number {
    const at = this.position(field);
    return at === null ? 0 : this.view.getInt32(this.checked(at, 4), true);
  }

  float32(field: number): number {
    const at = this.position(field);
    return at === null ? 0 : this.view.getFloat32(this.checked(at, 4), true);
  }

  table(field: number): FlatTable | null {
    const at = this.position(field);
    return at === null ? null : new FlatTable(this.view, this.target(at));
  }

  tables(field: number): FlatTable[] {
    const { first, length } = this.vector(field, 4);
    return Array.from({ length }, (_, i) => new FlatTable(this.view, this.target(first + 4 * i)));
  }

  /** A vector of unsigned or signed little-endian integers, or of bytes. */
  numbers(field: number, bytesEach: 1 | 2 | 4): number[] {
    const { first, length } = this.vector(field, bytesEach);
    return Array.from({ length }, (_, i) => {
      const at = first + i * bytesEach;
      if (bytesEach === 1) return this.view.getUint8(at);
      return bytesEach === 2 ? this.view.getUint16(at, true) : this.view.getInt32(at, true);
    });
  }

  floats(field: number): number[] {
    const { first, length } = this.vector(field, 4);
    return Array.from({ length }, (_, i) => this.view.getFloat32(first + 4 * i, true));
  }

  int64s(field: number): number[] {
    const { first, length } = this.vector(field, 8);
    return Array.from({ length }, (_, i) => Number(this.view.getBigInt64(first + 8 * i, true)));
  }

  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  has(field: number): boolean {
    return this.position(field) !== null;
  }

  bytes(field: number): DataView {
    const { first, length } = this.vector(field, 1);
    return new DataView(this.view.buffer, first, length);
  }

  private vector(field: number, bytesEach: number): { first: number; length: number } {
    const at = this.position(field);
    if (at === null) return { first: 0, length: 0 };
    const vector = this.target(at);
    const length = this.view.getUint32(this.checked(vector, 4), true);
    return { first: this.checked(vector + 4, length * bytesEach), length };
  }

  /** Offsets are relative to where they are stored. */
  private target(at: number): number {
    return at + this.view.getUint32(this.checked(at, 4), true);
  }

  private position(field: number): number | null {
    const entry = 4 + 2 * field; // behind the sizes of this list and of the table
    if (entry >= this.view.getUint16(this.fieldOffsets, true)) return null;
    const offset = this.view.getUint16(this.checked(this.fieldOffsets + entry, 2), true);
    return offset === 0 ? null : this.start + offset;
  }

  /** The offset of so many bytes of the file. */
  private checked(offset: number, bytes: number): number {
    const { byteLength } = this.view;
    const isInside = offset >= 0 && offset + bytes <= byteLength;
    const rule = 'a file must be a whole TFLite model';
    if (!isInside) requireFormat(isInside, name, rule, `${byteLength} bytes that refer to others`);
    return offset;
  }
}
