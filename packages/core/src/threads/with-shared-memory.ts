import { requireRange } from '../errors.js';

const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]; // "\0asm", version 1
const memorySection = 5;
const hasMaximum = 1;
const hasMaximumAndIsShared = 3;

/**
 * A WebAssembly binary whose own memory is shared between threads, otherwise the same: tfjs' `tfjs-backend-wasm-simd.wasm`
 * so changed runs in Node with workers (`setThreads`), where tfjs loads no threaded build.
 *
 * @throws RangeError when the binary does not define one memory with a maximum
 */
export function withSharedMemory(binary: Uint8Array): Uint8Array<ArrayBuffer> {
  requireRange(
    magic.every((byte, i) => binary[i] === byte),
    'withSharedMemory',
    'binary must be a WebAssembly module, version 1',
    `${binary.length} bytes of something else`,
  );
  let start = magic.length;
  while (start < binary.length) {
    const section = binary[start];
    const size = unsigned(binary, start + 1);
    if (section === memorySection) {
      const flags = size.end + 1; // after the count of memories
      requireRange(
        binary[size.end] === 1 && (binary[flags] === hasMaximum || binary[flags] === hasMaximumAndIsShared),
        'withSharedMemory',
        'binary must define one memory with a maximum',
        binary[flags],
      );
      const changed = Uint8Array.from(binary);
      changed[flags] = hasMaximumAndIsShared;
      return changed;
    }
    start = size.end + size.value;
  }
  throw new RangeError('withSharedMemory: binary must define one memory with a maximum, got none');
}

/** The LEB128 number at `start`. */
function unsigned(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  let end = start;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[end++];
    value += (byte & 0x7f) * 2 ** shift;
    if (!(byte & 0x80)) return { value, end };
  }
}
