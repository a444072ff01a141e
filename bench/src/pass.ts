import { hasRelaxedSimd } from '@tfjs-sparse/core';
import { binaries, type Exports } from './wasm-binaries.js';

const pageBytes = 1 << 16;

/** One SIMD maximum over so many floats in memory of their own: the least that reading them takes. */
export function passOver(floats: number): () => void {
  const bytes = Uint8Array.from(atob(hasRelaxedSimd() ? binaries.relaxed : binaries.simd), (c) => c.charCodeAt(0));
  const pages = Math.ceil((floats * Float32Array.BYTES_PER_ELEMENT) / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536 });
  new Float32Array(memory.buffer).fill(0.5);
  const { exports }: { readonly exports: unknown } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { memory },
  });
  const { maximum } = exports as Exports;
  return () => void maximum(0, floats);
}
