import { StoredTensor } from '../checkpoint/stored-tensor.js';
import { FormatError } from '../format-error.js';
import { TorchModule } from './torch-module.js';

function tensor(...values: number[]): StoredTensor {
  const bytes = new Uint8Array(Float32Array.from(values).buffer);
  const read = async (start: number, length: number) => bytes.slice(start, start + length);
  const storage = { key: '0', location: null, byteLength: bytes.length, read };
  const fields = { dtype: 'float32', shape: [values.length], strides: [1], storageOffset: 0, storage, requiresGrad: null } as const; // prettier-ignore
  return new StoredTensor('spec', fields);
}

describe('TorchModule', () => {
  const valuesOf = async (module: TorchModule) => [...(await module.read('weight')).values];

  it('folds in the masks of torch.nn.utils.prune and of ASP, which are no parameters', async () => {
    const pruned = new TorchModule('fc', new Map([['weight_orig', tensor(1, 2, 3)], ['weight_mask', tensor(1, 0, 1)]])); // prettier-ignore
    expect(pruned.names).toEqual(['weight']);
    expect(await valuesOf(pruned)).toEqual([1, 0, 3]);
    const asp = new TorchModule(
      'fc',
      new Map([
        ['weight', tensor(1, 2, 3)],
        ['bias', tensor(0)],
        ['__weight_mma_mask', tensor(0, 1, 1)],
        ['__weight_mma_pruned_p', tensor(9, 0, 0)],
      ]),
    );
    expect(asp.names).toEqual(['weight', 'bias']);
    expect(await valuesOf(asp)).toEqual([0, 2, 3]);
    expect(asp.unread).toEqual(['bias']);
  });

  it('refuses masks of other shapes, and NaN in them', async () => {
    const masked = (mask: StoredTensor) =>
      new TorchModule('fc', new Map([['weight_orig', tensor(1, 2)], ['weight_mask', mask]])).read('weight'); // prettier-ignore
    await expectAsync(masked(tensor(1))).toBeRejectedWithError(
      FormatError,
      'loadTorchWeights: fc.weight_mask must have the shape [2], got [1]',
    );
    await expectAsync(masked(tensor(1, NaN))).toBeRejectedWithError(
      FormatError,
      'loadTorchWeights: fc.weight_mask must be of numbers, got NaN at element 1',
    );
  });
});
