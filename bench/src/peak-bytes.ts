import type * as tf from '@tensorflow/tfjs';

interface WasmMemory {
  _malloc(bytes: number): number;
  _free(pointer: number): void;
}

/** The most bytes of the wasm backend's memory that `run` holds at a time, its output included. */
export function peakBytes(backend: ReturnType<typeof tf.backend>, run: () => void): number {
  const { wasm } = backend as typeof backend & { readonly wasm: WasmMemory };
  const { _malloc: malloc, _free: free } = wasm;
  const sizes = new Map<number, number>();
  let [live, peak] = [0, 0];
  wasm._malloc = (bytes) => {
    const pointer = malloc(bytes);
    sizes.set(pointer, bytes);
    live += bytes;
    peak = Math.max(peak, live);
    return pointer;
  };
  wasm._free = (pointer) => {
    live -= sizes.get(pointer) ?? 0;
    sizes.delete(pointer);
    free(pointer);
  };
  try {
    run();
  } finally {
    Object.assign(wasm, { _malloc: malloc, _free: free });
  }
  return peak;
}
