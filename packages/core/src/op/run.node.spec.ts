import { registerBackend, removeBackend, tensor2d } from '@tensorflow/tfjs-core';
import { CompressedRows, gatherRows } from '../index.js';

describe('runOp', () => {
  it('does not start a webgpu backend that is only registered', async () => {
    const factory = jasmine.createSpy('factory').and.returnValue(new Promise(() => {}));
    registerBackend('webgpu', factory);
    const x = tensor2d([[1], [2]]);
    const y = gatherRows(x, CompressedRows.fromIndex(Int32Array.of(1, 0), 2));
    expect(await y.data()).toEqual(Float32Array.of(2, 1));
    expect(factory).not.toHaveBeenCalled();
    removeBackend('webgpu');
    x.dispose();
    y.dispose();
  });
});
