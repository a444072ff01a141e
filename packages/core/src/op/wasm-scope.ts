import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';
import { exportsOn, type WasmBinaries } from '../wasm/binaries.js';
import { poolOf, type ParallelKernel } from '../threads/pool.js';
import { packedForm, watchDisposal } from './packed-forms.js';
import { deviceCopy } from './tables.js';

/** A float32 tensor in WASM memory. */
export interface WasmTensor {
  readonly shape: readonly number[];
  /** Byte address of the first value; row-major; 8-byte aligned. */
  readonly pointer: number;
  /** Identity of the values, for `packed`. */
  readonly dataId: DataId;
}

/** What a WASM kernel may use. The same kernel runs in tfjs' memory (wasm backend) and in the engine's own (cpu). */
export interface WasmScope {
  /** The exports of a compiled module, bound to this memory. */
  load<E>(binaries: WasmBinaries): E;
  /** Threads that `parallel` runs on: a kernel that needs scratch memory needs it so many times. */
  threadCount(binaries: WasmBinaries): number;
  /**
   * Calls the exported kernel `name(first, end, thread, ...numbers)` for items `0` to `itemCount`: at once, or item by
   * item on all threads. Items must not depend on each other.
   */
  parallel(binaries: WasmBinaries, name: string, itemCount: number, numbers: readonly number[]): void;
  /** A new float32 tensor, not cleared. The kernel returns one of these. */
  output(shape: readonly number[]): WasmTensor;
  /** Pointer to `byteCount` bytes, 64-byte aligned, not cleared, freed when the kernel returns. */
  scratch(byteCount: number): number;
  /** Pointer to an immutable host table, copied at most once per memory. */
  table(values: Int32Array): number;
  /** Pointer to a derived form of `source`, 64-byte aligned, filled by `write` and kept until `source` is disposed. */
  packed(source: WasmTensor, layout: string, byteCount: number, write: (pointer: number) => void): number;
}

export type WasmKernel<I extends string, A> = (
  inputs: Readonly<Record<I, WasmTensor>>,
  attrs: A,
  wasm: WasmScope,
) => WasmTensor;

/** The part of tfjs' wasm backend (4.22) that the engine uses; `asm.memory` is the plain build's, `wasmMemory` the threaded one's. */
export interface TfjsWasmBackend {
  readonly wasm: {
    _malloc(byteCount: number): number;
    _free(pointer: number): void;
    readonly asm?: { readonly memory?: WebAssembly.Memory };
    readonly wasmMemory?: WebAssembly.Memory;
  } | null;
  readonly dataIdMap: { get(dataId: DataId): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo;
  disposeData(dataId: DataId, force?: boolean): boolean;
}

const alignment = 64; // one cache line; tfjs' malloc aligns to 8 bytes only

/** Runs a WASM kernel on tfjs' wasm backend, in its own memory, without a copy. */
export function runInTfjsMemory<I extends string, A>(
  kernel: WasmKernel<I, A>,
  inputs: Readonly<Record<string, TensorInfo>>,
  attrs: A,
  backend: TfjsWasmBackend,
): TensorInfo {
  watchDisposal(backend);
  const scratch: number[] = [];
  const outputs = new Map<WasmTensor, TensorInfo>();
  const scope: WasmScope = {
    load: (binaries) => exportsOn(binaries, memoryOf(backend)),
    threadCount(binaries) {
      const pool = poolOf(memoryOf(backend));
      return pool?.has(binaries) ? pool.threadCount : 1;
    },
    parallel(binaries, name, itemCount, numbers) {
      const memory = memoryOf(backend);
      const exports = exportsOn<Record<string, ParallelKernel>>(binaries, memory);
      const pool = poolOf(memory);
      if (itemCount > 1 && pool?.has(binaries)) pool.run(binaries, exports, name, itemCount, numbers);
      else exports[name](0, itemCount, 0, ...numbers);
    },
    output(shape) {
      const made = backend.makeOutput([...shape], 'float32');
      const tensor = wasmTensor(made, backend);
      outputs.set(tensor, made);
      return tensor;
    },
    scratch(byteCount) {
      const raw = malloc(backend, byteCount + alignment);
      scratch.push(raw);
      return align(raw);
    },
    table: (values) => deviceCopy(values, backend, copyOfTable),
    packed: (source, layout, byteCount, write) =>
      packedForm(backend, source.dataId, layout, () => {
        const raw = malloc(backend, byteCount + alignment);
        write(align(raw));
        return { value: align(raw), free: () => free(backend, raw) };
      }),
  };
  try {
    const wasmInputs = Object.fromEntries(
      Object.entries(inputs).map(([name, info]) => [name, wasmTensor(info, backend)]),
    ) as Record<I, WasmTensor>;
    return outputs.get(kernel(wasmInputs, attrs, scope))!;
  } finally {
    for (const pointer of scratch) free(backend, pointer);
  }
}

function copyOfTable(values: Int32Array, backend: TfjsWasmBackend): { value: number; free: () => void } {
  const pointer = malloc(backend, values.byteLength);
  new Int32Array(memoryOf(backend).buffer, pointer, values.length).set(values);
  return { value: pointer, free: () => free(backend, pointer) };
}

function wasmTensor(info: TensorInfo, backend: TfjsWasmBackend): WasmTensor {
  return { shape: info.shape, dataId: info.dataId, pointer: backend.dataIdMap.get(info.dataId).memoryOffset };
}

export function memoryOf(backend: TfjsWasmBackend): WebAssembly.Memory {
  const memory = backend.wasm?.asm?.memory ?? backend.wasm?.wasmMemory;
  if (!memory) throw new Error("tfjs-sparse: tfjs' wasm backend must expose its memory (tfjs 4.22 does), got none");
  return memory;
}

function malloc(backend: TfjsWasmBackend, byteCount: number): number {
  const pointer = backend.wasm!._malloc(byteCount) >>> 0;
  if (pointer === 0) throw new Error(`tfjs-sparse: the wasm memory must have ${byteCount} free bytes, got none`);
  return pointer;
}

/** A disposed backend has no memory left to free. */
function free(backend: TfjsWasmBackend, pointer: number): void {
  backend.wasm?._free(pointer);
}

function align(pointer: number): number {
  return Math.ceil(pointer / alignment) * alignment;
}
