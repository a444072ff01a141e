import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';
import { exportsOn, type WasmBinaries } from '../wasm/binaries.js';
import { poolOf, type ParallelKernel } from '../threads/pool.js';
import type { Dtype, OpDefinition, OpTypes } from './definition.js';
import { orderedOutputs } from './outputs.js';
import { packedForm, watchDisposal } from './packed-forms.js';
import { deviceCopy } from './tables.js';

/** A tensor in WASM memory. */
export interface WasmTensor {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  /** Byte address of the first value; row-major; 8-byte aligned. */
  readonly pointer: number;
  /** Identity of the values, for `packed`, together with the shape. */
  readonly dataId: DataId;
}

/** What a WASM kernel may use. The same kernel runs in tfjs' memory (wasm backend) and in the engine's own (cpu). */
export interface WasmScope {
  /** The exports of a compiled module, bound to this memory. */
  load<Exports>(binaries: WasmBinaries<Exports>): Exports;
  /** Threads that `parallel` runs on: a kernel that needs scratch memory needs it so many times. */
  threadCount(binaries: WasmBinaries): number;
  /**
   * Calls the exported kernel `name(first, end, thread, ...)` for items `0` to `itemCount`: at once, or item by item on
   * all threads. Items must not depend on each other.
   *
   * @param numbers the parameters of the kernel behind `thread`, by name
   */
  parallel<Parallel, Name extends keyof Parallel & string>(
    binaries: WasmBinaries<unknown, Parallel>,
    name: Name,
    itemCount: number,
    numbers: Parallel[Name],
  ): void;
  /** A new tensor, not cleared; float32 unless said. The kernel returns these. */
  output(shape: readonly number[], dtype?: Dtype): WasmTensor;
  /** Pointer to `byteCount` bytes, 64-byte aligned, not cleared, freed when the kernel returns. */
  scratch(byteCount: number): number;
  /** Pointer to an immutable host table, copied at most once per memory. */
  table(values: Int32Array): number;
  /** Pointer to a derived form of `source`, 64-byte aligned, filled by `write` and kept until `source` is disposed. */
  packed(source: WasmTensor, layout: string, byteCount: number, write: (pointer: number) => void): number;
}

export type WasmTensors<Dtypes> = { readonly [Name in keyof Dtypes]: WasmTensor };

export type WasmKernel<T extends OpTypes> = (
  inputs: WasmTensors<T['inputs']>,
  attrs: T['attrs'],
  wasm: WasmScope,
) => WasmTensors<T['outputs']>;

/** The exports that `parallel` calls. */
export function parallelExports(binaries: WasmBinaries, memory: WebAssembly.Memory): Record<string, ParallelKernel> {
  return exportsOn(binaries, memory) as Record<string, ParallelKernel>;
}

/** The named parameters of a parallel kernel in their order. */
export function positional<Parallel, Name extends keyof Parallel>(
  { parallel }: WasmBinaries<unknown, Parallel>,
  name: Name,
  numbers: Parallel[Name],
): number[] {
  return parallel[name].map((parameter) => Number(numbers[parameter]));
}

/** The part of tfjs' wasm backend (4.22) that the engine uses; `asm.memory` is the plain build's, `wasmMemory` the threaded one's. */
export interface TfjsWasmBackend {
  readonly wasm: {
    _malloc(byteCount: number): number;
    _free(pointer: number): void;
    readonly asm?: { readonly memory?: WebAssembly.Memory };
    readonly wasmMemory?: WebAssembly.Memory;
  } | null;
  readonly dataIdMap: { get(dataId: DataId): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: Dtype): TensorInfo;
  disposeData(dataId: DataId, force?: boolean): boolean;
}

const alignment = 64; // one cache line; tfjs' malloc aligns to 8 bytes only

/** Runs a WASM kernel on tfjs' wasm backend, in its own memory, without a copy. */
export function runInTfjsMemory<T extends OpTypes>(
  op: OpDefinition<T>,
  inputs: Readonly<Record<string, TensorInfo>>,
  attrs: T['attrs'],
  backend: TfjsWasmBackend,
): TensorInfo[] {
  watchDisposal(backend);
  const scratch: number[] = [];
  const made = new Map<WasmTensor, TensorInfo>();
  const scope: WasmScope = {
    load: (binaries) => exportsOn(binaries, memoryOf(backend)),
    threadCount(binaries) {
      const pool = poolOf(memoryOf(backend));
      return pool?.has(binaries) ? pool.threadCount : 1;
    },
    parallel(binaries, name, itemCount, parameters) {
      const memory = memoryOf(backend);
      const exports = parallelExports(binaries, memory);
      const pool = poolOf(memory);
      const numbers = positional(binaries, name, parameters);
      if (itemCount > 1 && pool?.has(binaries)) pool.run(binaries, exports, name, itemCount, numbers);
      else exports[name](0, itemCount, 0, ...numbers);
    },
    output(shape, dtype = 'float32') {
      const info = backend.makeOutput([...shape], dtype);
      const tensor = wasmTensor(info, backend);
      made.set(tensor, info);
      return tensor;
    },
    scratch(byteCount) {
      const raw = malloc(backend, byteCount + alignment);
      scratch.push(raw);
      return align(raw);
    },
    table: (values) => deviceCopy(values, backend, copyOfTable),
    packed: (source, layout, byteCount, write) =>
      // A reshaped tensor shares its data with the one that it came from.
      packedForm(backend, source.dataId, `${layout} of [${source.shape.join()}]`, () => {
        const raw = malloc(backend, byteCount + alignment);
        write(align(raw));
        return { value: align(raw), free: () => free(backend, raw) };
      }),
  };
  try {
    const tensors: Record<string, WasmTensor> = {};
    for (const name in inputs) tensors[name] = wasmTensor(inputs[name], backend);
    const outputs = op.kernels.wasm(tensors as WasmTensors<T['inputs']>, attrs, scope);
    return orderedOutputs(op, outputs as Record<string, WasmTensor>, ({ dtype }) => dtype).map((output) => {
      const info = made.get(output)!;
      made.delete(output);
      return info;
    });
  } finally {
    for (const pointer of scratch) free(backend, pointer);
    // Outputs that the kernel did not give, or all of them when it threw.
    for (const { dataId } of made.values()) backend.disposeData(dataId, true);
  }
}

function copyOfTable(values: Int32Array, backend: TfjsWasmBackend): { value: number; free: () => void } {
  const pointer = malloc(backend, values.byteLength);
  new Int32Array(memoryOf(backend).buffer, pointer, values.length).set(values);
  return { value: pointer, free: () => free(backend, pointer) };
}

function wasmTensor(info: TensorInfo, backend: TfjsWasmBackend): WasmTensor {
  const { shape, dtype, dataId } = info;
  return { shape, dtype: dtype as Dtype, dataId, pointer: backend.dataIdMap.get(dataId).memoryOffset };
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
