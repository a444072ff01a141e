import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { tensor1d, tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { readSafetensors } from '@tfjs-sparse/core';
import { GaussianMixture } from './gaussian-mixture.js';
import { loadPack } from './load-pack.js';
import { savedModel, writePack, type PackContents } from './write-pack.js';

const manifest: PackContents['manifest'] = {
  name: 'sum',
  version: '1.0.0',
  task: 'weighted sum',
  description: 'Two numbers, weighted and summed.',
  input: { x: 'two numbers' },
  outputs: [{ name: 'sum' }],
  labels: ['sum'],
  licence: 'Apache-2.0',
  citations: [],
  trainingData: 'none',
  quality: {},
  plugins: [],
};

/** A dense layer with 2 inputs and 1 output; 1 / 3 has no exact float16. */
function network(): LayersModel {
  const model = sequential({ layers: [layers.dense({ inputShape: [2], units: 1, name: 'sum' })] });
  model.setWeights([tensor2d([[2], [1 / 3]]), tensor1d([1])]);
  return model;
}

describe('writePack', () => {
  let folder: string;
  beforeEach(async () => (folder = await fs.mkdtemp(path.join(os.tmpdir(), 'pack-'))));
  afterEach(() => fs.rm(folder, { recursive: true }));

  const filesOf = async (pack: string) =>
    Promise.all((await fs.readdir(pack)).sort().map(async (name) => [name, await fs.readFile(path.join(pack, name))]));

  it('gives what loadPack opens, with half the bytes, and the same bytes again', async () => {
    const golden = {
      tensors: new Map([
        ['in_x', { dtype: 'F32' as const, shape: [1, 2], values: Float32Array.of(1, 3) }],
        ['sum', { dtype: 'F32' as const, shape: [1, 1], values: Float32Array.of(4) }],
      ]),
      source: 'by hand',
    };
    const first = path.join(folder, 'first');
    const written = await writePack(first, { manifest, model: await savedModel(network()), golden });
    expect(written.files.map(({ path, bytes }) => `${path} ${bytes}`).slice(1, 2)).toEqual(['weights.bin 6']);
    const pack = await loadPack(first);
    expect(pack.manifest).toEqual(written);
    const y = pack.model.predict(tensor2d([[1, 3]])) as Tensor;
    expect((await y.data())[0]).toBeCloseTo(4, 2);
    expect(readSafetensors(new Uint8Array(pack.files.get('golden.safetensors')!)).metadata.get('source')).toBe(
      'by hand',
    );
    const second = path.join(folder, 'second');
    await writePack(second, { manifest, model: await savedModel(pack.model), golden });
    expect(await filesOf(second)).toEqual(await filesOf(first));
    pack.dispose();
  });

  it('keeps float32 weights where asked to, and a mixture', async () => {
    const mixture = GaussianMixture.fromJSON({
      dimension: 1,
      weights: [1],
      means: [[0]],
      covarianceFactors: [[1]],
    });
    const model = await savedModel(network(), 'float32');
    await writePack(folder, { manifest: { ...manifest, novelty: { threshold: 3 } }, model, novelty: mixture });
    const { files, model: loaded, dispose } = await loadPack(folder);
    expect(files.get('weights.bin')!.byteLength).toBe(12);
    expect((await loaded.getWeights()[0].data())[1]).toBe(Math.fround(1 / 3));
    expect([...files.keys()]).toEqual(['model.json', 'weights.bin', 'novelty.json']);
    dispose();
  });

  it('writes nothing where the manifest would be refused', async () => {
    const place = path.join(folder, 'wrong');
    const wrong = { manifest: { ...manifest, version: 'one' }, model: await savedModel(network()) };
    await expectAsync(writePack(place, wrong)).toBeRejectedWithError(
      RangeError,
      'writePack: manifest.version must be a version such as 1.0.0, got "one"',
    );
    await expectAsync(fs.readdir(place)).toBeRejected();
  });
});
