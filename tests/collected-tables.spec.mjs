import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { backend, setBackend, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { CompressedRows, gatherRows } from '@tfjs-sparse/core';

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc');

describe('the copy of a table in wasm memory', () => {
  it('is freed when the table is collected', async () => {
    await setBackend('wasm');
    const { wasm } = backend();
    wasm._free(wasm._malloc(8)); // emscripten replaces both at their first call
    const free = wasm._free;
    let freed = 0;
    wasm._free = (pointer) => {
      freed++;
      free(pointer);
    };
    const x = tensor2d([[1], [2]]);
    gatherRows(x, CompressedRows.fromIndex(Int32Array.of(1, 0), 2)).dispose();
    x.dispose();
    const before = freed;
    for (let round = 0; round < 20 && freed === before; round++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      collectGarbage();
    }
    wasm._free = free;
    expect(freed).toBeGreaterThan(before);
    await setBackend('cpu');
  });
});
