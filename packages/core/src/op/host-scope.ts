import type { DataId } from '@tensorflow/tfjs-core';
import { exportsOn } from '../wasm/binaries.js';
import { hostMemory, withHostArena, type HostArena } from '../wasm/host-memory.js';
import type { Dtype, HostTensor, OpDefinition, OpTypes } from './definition.js';
import { orderedOutputs } from './outputs.js';
import { parallelExports, positional, type WasmScope, type WasmTensor, type WasmTensors } from './wasm-scope.js';

/** Runs a WASM kernel on host values: copies the inputs into the engine's own memory and the outputs back. */
export function runInHostMemory<T extends OpTypes>(
  op: OpDefinition<T>,
  inputs: Readonly<Record<string, HostTensor<Dtype>>>,
  attrs: T['attrs'],
): HostTensor<Dtype>[] {
  return withHostArena((arena) => {
    const tensor = (shape: readonly number[], dtype: Dtype = 'float32'): WasmTensor => ({
      shape,
      dtype,
      pointer: arena.alloc(elementCount(shape) * Float32Array.BYTES_PER_ELEMENT),
      dataId: {} as DataId,
    });
    const scope: WasmScope = {
      load: (binaries) => exportsOn(binaries, hostMemory()),
      threadCount: () => 1,
      parallel: (binaries, name, itemCount, numbers) =>
        parallelExports(binaries, hostMemory())[name](0, itemCount, 0, ...positional(binaries, name, numbers)),
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
    const wasmInputs: Record<string, WasmTensor> = {};
    for (const name in inputs) {
      const { shape, values } = inputs[name];
      wasmInputs[name] = tensor(shape, op.inputs[name as keyof T['inputs']]);
      viewOf(arena, wasmInputs[name]).set(values);
    }
    const outputs = op.kernels.wasm(wasmInputs as WasmTensors<T['inputs']>, attrs, scope);
    return orderedOutputs(op, outputs as Record<string, WasmTensor>, ({ dtype }) => dtype).map((output) => ({
      shape: output.shape,
      values: viewOf(arena, output).slice(),
    }));
  });
}

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

function viewOf(arena: HostArena, { shape, dtype, pointer }: WasmTensor): Float32Array | Int32Array | Uint8Array {
  return new arrays[dtype](arena.buffer, pointer, elementCount(shape));
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
