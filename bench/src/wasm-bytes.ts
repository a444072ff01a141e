import { hostMemoryBytes } from '@tfjs-sparse/core';
import type { BenchContext } from './bench.js';

interface TfjsWasmBackend {
  readonly wasm: { readonly asm?: { readonly memory?: WebAssembly.Memory }; readonly wasmMemory?: WebAssembly.Memory };
}

/** Bytes of WebAssembly memory: that of tfjs' backend and the engine's own. Both only grow, so this is the peak so far. */
export function wasmBytes({ tf }: BenchContext): number {
  const { wasm } = tf.backend() as ReturnType<typeof tf.backend> & TfjsWasmBackend;
  const memory = wasm.asm?.memory ?? wasm.wasmMemory;
  return memory!.buffer.byteLength + hostMemoryBytes();
}
