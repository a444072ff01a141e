import { hasRelaxedSimd } from './features.js';

/** One AssemblyScript module compiled twice, as base64 text, with the types of what it exports. The build writes these. */
export interface WasmBinaries<Exports = unknown, Parallel = unknown> {
  readonly simd: string;
  readonly relaxed: string;
  /** Of the exports that `WasmScope.parallel` can call: the names of the parameters behind `first, end, thread`. */
  readonly parallel: { readonly [Name in keyof Parallel]: readonly (keyof Parallel[Name])[] };
  /** Carries a type; has no value. */
  readonly exports?: Exports;
}

/** Compiled modules, by their binaries and by whether their memory is shared; they live as long as the page. */
const compiled = new WeakMap<WasmBinaries, { plain?: WebAssembly.Module; shared?: WebAssembly.Module }>();
/** Instances, by memory; an instance goes when its memory goes. */
const instances = new WeakMap<WebAssembly.Memory, WeakMap<WasmBinaries, WebAssembly.Exports>>();

/** The exports of `binaries`, in the fastest variant that this engine runs, bound to `memory`. Compiled on first use. */
export function exportsOn<Exports>(binaries: WasmBinaries<Exports>, memory: WebAssembly.Memory): Exports {
  let ofMemory = instances.get(memory);
  if (!ofMemory) instances.set(memory, (ofMemory = new WeakMap()));
  let found = ofMemory.get(binaries);
  if (!found) {
    const module = compile(binaries, isShared(memory));
    found = new WebAssembly.Instance(module, { env: { memory } }).exports;
    ofMemory.set(binaries, found);
  }
  return found as Exports;
}

/** True for a memory that workers can share. */
export function isShared(memory: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
}

/** The module for shared memories. */
export function sharedModule(binaries: WasmBinaries): WebAssembly.Module {
  return compile(binaries, true);
}

function compile(binaries: WasmBinaries, shared: boolean): WebAssembly.Module {
  let modules = compiled.get(binaries);
  if (!modules) compiled.set(binaries, (modules = {}));
  const key = shared ? 'shared' : 'plain';
  if (!modules[key]) {
    const bytes = decodeBase64(hasRelaxedSimd() ? binaries.relaxed : binaries.simd);
    modules[key] = new WebAssembly.Module(shared ? importSharedMemory(bytes) : bytes);
  }
  return modules[key];
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/**
 * Patches the one byte that says whether the imported memory is shared, so that the same binary links to tfjs' plain
 * and threaded builds. Binary format: section 2 (imports) holds `env`, `memory`, kind 2, limits flags.
 */
function importSharedMemory(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const importOfMemory = [3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2]; // "env" "memory" kind 2
  const hasMaximum = 1;
  const hasMaximumAndIsShared = 3;
  for (let start = 8; start + importOfMemory.length < bytes.length; start++) {
    if (!importOfMemory.every((byte, i) => bytes[start + i] === byte)) continue;
    const flags = start + importOfMemory.length;
    if (bytes[flags] !== hasMaximum) break;
    const patched = bytes.slice();
    patched[flags] = hasMaximumAndIsShared;
    return patched;
  }
  throw new Error('internal: the wasm module does not import env.memory with a maximum');
}
