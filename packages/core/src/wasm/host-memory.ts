import { exportsOn, type WasmBinaries } from './binaries.js';

const pageBytes = 65536;
const maximumPages = 65536; // 4 GiB, what the modules' memory import declares
const alignment = 64; // one cache line; also enough for v128

/** An allocator whose allocations all end together. Views of the memory must be taken again after each `alloc`. */
export interface HostArena {
  /** Pointer to `byteCount` bytes, 64-byte aligned, not cleared. */
  alloc(byteCount: number): number;
  int32(pointer: number, length: number): Int32Array;
  float32(pointer: number, length: number): Float32Array;
  readonly buffer: ArrayBuffer;
}

let memory: WebAssembly.Memory | undefined;
let top = alignment; // pointer 0 stays free, so that a null pointer is never valid

/** The engine's own memory: index work of every backend, and the kernels of the cpu backend. */
export function hostMemory(): WebAssembly.Memory {
  return (memory ??= new WebAssembly.Memory({ initial: 16, maximum: maximumPages }));
}

/** Bytes that the engine's own memory has taken so far. */
export function hostMemoryBytes(): number {
  return hostMemory().buffer.byteLength;
}

export function hostExports<Exports>(binaries: WasmBinaries<Exports>): Exports {
  return exportsOn(binaries, hostMemory());
}

/** Runs `body` with an arena; what it allocated is free again when `body` returns or throws. */
export function withHostArena<T>(body: (arena: HostArena) => T): T {
  const mark = top;
  try {
    return body(arena);
  } finally {
    top = mark;
  }
}

function grow(byteCount: number): void {
  try {
    hostMemory().grow(Math.ceil(byteCount / pageBytes));
  } catch {
    const rule = `the index memory must have ${byteCount} bytes more (at most ${maximumPages * pageBytes} in all)`;
    throw new RangeError(`tfjs-sparse: ${rule}, got ${hostMemory().buffer.byteLength} in use`);
  }
}

const arena: HostArena = {
  alloc(byteCount) {
    const pointer = top;
    top = Math.ceil((top + byteCount) / alignment) * alignment;
    const missing = top - hostMemory().buffer.byteLength;
    if (missing > 0) grow(missing);
    return pointer;
  },
  int32: (pointer, length) => new Int32Array(hostMemory().buffer, pointer, length),
  float32: (pointer, length) => new Float32Array(hostMemory().buffer, pointer, length),
  get buffer() {
    return hostMemory().buffer as ArrayBuffer;
  },
};
