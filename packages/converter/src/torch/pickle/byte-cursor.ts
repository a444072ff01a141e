import { requireFormat } from '../../format-error.js';

const decoder = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('latin1');
const reader = 'unpickle';

/** Thrown where a pickle goes on behind the bytes that are there. */
export class PickleCutError extends Error {}

/** Reads numbers and texts one after the other. */
export class ByteCursor {
  position = 0;
  readonly #view: DataView;

  constructor(private readonly bytes: Uint8Array<ArrayBuffer>) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  /** @throws FormatError beyond 2^53 */
  uint64(): number {
    const value = Number(this.#view.getBigUint64(this.#advance(8), true));
    requireFormat(Number.isSafeInteger(value), reader, 'a length must be below 2^53', value);
    return value;
  }

  /** Big-endian, as BINFLOAT has it. */
  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** A copy. */
  take(length: number): Uint8Array<ArrayBuffer> {
    const start = this.#advance(length);
    return this.bytes.slice(start, start + length);
  }

  text(length: number): string {
    const start = this.#advance(length);
    try {
      return decoder.decode(this.bytes.subarray(start, start + length));
    } catch {
      return latin1.decode(this.bytes.subarray(start, start + length)); // bytes of Python 2, or lone surrogates
    }
  }

  /** Up to a line feed, which is read too. */
  line(): string {
    const end = this.bytes.indexOf(10, this.position);
    if (end < 0) throw new PickleCutError();
    const line = this.text(end - this.position);
    this.position++;
    return line;
  }

  #advance(length: number): number {
    if (this.position + length > this.bytes.length) throw new PickleCutError();
    const start = this.position;
    this.position += length;
    return start;
  }
}
