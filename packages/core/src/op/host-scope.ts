import type { DataId } from '@tensorflow/tfjs-core';
import type { ParallelKernel } from '../threads/pool.js';
import { exportsOn } from '../wasm/binaries.js';
import { hostMemory, withHostArena } from '../wasm/host-memory.js';
import type { HostTensor } from './definition.js';
import type { WasmKernel, WasmScope, WasmTensor } from './wasm-scope.js';

/** Runs a WASM kernel on host values: copies the inputs into the engine's own memory and the output back. */
export function runInHostMemory<I extends string, A>(
  kernel: WasmKernel<I, A>,
  inputs: Readonly<Record<I, HostTensor>>,
  attrs: A,
): HostTensor {
  return withHostArena((arena) => {
    const tensor = (shape: readonly number[]): WasmTensor => ({
      shape,
      pointer: arena.alloc(elementCount(shape) * Float32Array.BYTES_PER_ELEMENT),
      dataId: {} as DataId,
    });
    const scope: WasmScope = {
      load: (binaries) => exportsOn(binaries, hostMemory()),
      threadCount: () => 1,
      parallel: (binaries, name, itemCount, numbers) =>
        exportsOn<Record<string, ParallelKernel>>(binaries, hostMemory())[name](0, itemCount, 0, ...numbers),
      output: tensor,
      scratch: (byteCount) => arena.alloc(byteCount),
      table(values) {
        const pointer = arena.alloc(values.byteLength);
        arena.int32(pointer, values.length).set(values);
        return pointer;
      },
      packed(_source, _layout, byteCount, write) {
        const pointer = arena.alloc(byteCount);
        write(pointer);
        return pointer;
      },
    };
    const wasmInputs = {} as Record<I, WasmTensor>;
    for (const name in inputs) {
      const { shape, values } = inputs[name];
      wasmInputs[name] = tensor(shape);
      arena.float32(wasmInputs[name].pointer, values.length).set(values);
    }
    const output = kernel(wasmInputs, attrs, scope);
    return { shape: output.shape, values: arena.float32(output.pointer, elementCount(output.shape)).slice() };
  });
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
