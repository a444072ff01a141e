import { productWeight, weightSample } from './product-weight.js';
import { StoredTensor } from './stored-tensor.js';

function weight(shape: readonly [number, number]): StoredTensor {
  const bytes = new Uint8Array(
    Float32Array.from({ length: shape[0] * shape[1] }, (_, i) => Math.floor(i / shape[1])).buffer,
  );
  const read = async (start: number, length: number) => bytes.slice(start, start + length);
  const storage = { key: '0', location: null, byteLength: bytes.length, read };
  return new StoredTensor('spec', { dtype: 'float32', shape, strides: [shape[1], 1], storageOffset: 0, storage, requiresGrad: null }); // prettier-ignore
}

describe('weightSample', () => {
  it('has rows of a large weight in blocks of 16 that lie evenly in it', async () => {
    const { weight: sample, share } = (await weightSample(weight([1024, 2048])))!;
    expect([share, sample.inputs, sample.outputs, sample.places]).toEqual([64 / 1024, 2048, 64, 1]);
    const rows = [0, 256, 512, 768].flatMap((first) => Array.from({ length: 16 }, (_, i) => first + i));
    expect([...sample.values.subarray(0, 64)]).toEqual(rows); // of the first input, all outputs
    const ofInputs = (await weightSample(weight([1024, 2048]), undefined, 'tfjs'))!.weight;
    expect([ofInputs.inputs, ofInputs.outputs]).toEqual([64, 2048]);
  });

  it('is all of a small weight', async () => {
    const small = weight([40, 96]);
    expect(await weightSample(small)).toEqual({ weight: (await productWeight(small))!, share: 1 });
  });
});
