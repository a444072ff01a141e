import { engine, tensor1d, type KernelBackend, type Tensor } from '@tensorflow/tfjs-core';
import { requireEpilogue } from '../dense/epilogue.js';
import { hostValues, requireReadable } from './host-values.js';

describe('a tensor on webgpu', () => {
  /** What of tfjs' backend is asked; `values` of a tensor are those that the host has. */
  const webgpu = { tensorMap: new Map<object, { values: Float32Array | null }>(), readSync: () => Float32Array.of(7) };
  let tensor: Tensor;

  beforeEach(() => {
    engine().registry['webgpu'] = webgpu as object as KernelBackend;
    tensor = tensor1d([1]);
    engine().state.tensorInfo.get(tensor.dataId)!.backend = webgpu as object as KernelBackend;
  });
  afterEach(() => {
    delete engine().registry['webgpu'];
    engine().state.tensorInfo.delete(tensor.dataId); // it is not on the backend that tfjs would ask to free it
  });

  const moved = () =>
    `'${engine().backendName}' backend, got a tensor on 'webgpu'; read it with await data() and make a new tensor`;

  it('is refused where another backend runs', () => {
    expect(() => requireReadable('op', 'x', tensor)).toThrowError(`op: x must be on the ${moved()}`);
    requireReadable('op', 'x', tensor1d([1]));
  });

  it('is refused as bias and as residual', () => {
    const bias = () => requireEpilogue('op', { bias: tensor as never }, [1]);
    expect(bias).toThrowError(`op: bias must be on the ${moved()}`);
    expect(() => requireEpilogue('op', { residual: tensor }, [1])).toThrowError(
      `op: residual must be on the ${moved()}`,
    );
  });

  it('is read at once only where the host has its values', () => {
    webgpu.tensorMap.set(tensor.dataId, { values: null });
    expect(() => hostValues(tensor, 'op', 'points')).toThrowError(
      TypeError,
      'op: points must be made from host values (read it with await data()), got a tensor that the device computed',
    );
    webgpu.tensorMap.set(tensor.dataId, { values: Float32Array.of(7) });
    expect(hostValues(tensor, 'op', 'points')).toEqual(Float32Array.of(7));
  });
});
