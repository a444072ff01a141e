import { hasRelaxedSimd } from '@tfjs-sparse/core';
import { binaries, type Exports } from './wasm-binaries.js';

/** The module that measures how many multiply-adds a core does from registers. */
export function exportsOnHost(): Exports {
  const bytes = Uint8Array.from(atob(hasRelaxedSimd() ? binaries.relaxed : binaries.simd), (c) => c.charCodeAt(0));
  const memory = new WebAssembly.Memory({ initial: 0, maximum: 65536 });
  const instance: { readonly exports: unknown } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { memory },
  });
  return instance.exports as Exports;
}
