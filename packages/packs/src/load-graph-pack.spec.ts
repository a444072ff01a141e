import { memory, tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import { loadGraphPack } from './load-graph-pack.js';
import { describeFiles, makeFixture, serve, type PackFixture } from './pack-fixture.spec.js';

const url = 'https://packs.example/sum';
const dim = (...sizes: number[]) => ({ dim: sizes.map((size) => ({ size })) });
const constant = (name: string, shape: object) => ({
  name,
  op: 'Const',
  attr: { dtype: { type: 'DT_FLOAT' }, value: { tensor: { dtype: 'DT_FLOAT', tensorShape: shape } } },
});

/** x times [[2], [3]]. */
async function graphFixture(): Promise<PackFixture> {
  const fixture = await makeFixture();
  const placeholder = { dtype: { type: 'DT_FLOAT' }, shape: { shape: dim(-1, 2) } };
  const node = [
    { name: 'x', op: 'Placeholder', attr: placeholder },
    constant('kernel', dim(2, 1)),
    { name: 'y', op: 'MatMul', input: ['x', 'kernel'], attr: {} },
  ];
  const weights = [{ name: 'kernel', shape: [2, 1], dtype: 'float32' }];
  const json = {
    format: 'graph-model',
    modelTopology: { node, versions: { producer: 1 } },
    weightsManifest: [{ paths: ['weights.bin'], weights }],
  };
  fixture.files.set('model.json', new TextEncoder().encode(JSON.stringify(json)));
  fixture.files.set('weights.bin', new Uint8Array(Float32Array.of(2, 3).buffer));
  await describeFiles(fixture);
  return fixture;
}

describe('loadGraphPack', () => {
  it('gives a graph with its verified weights, and frees them', async () => {
    const before = memory().numTensors;
    const { manifest, model, dispose } = await loadGraphPack(url, { fetch: serve(await graphFixture()), cache: null });
    const x = tensor2d([[10, 100]]);
    const y = model.predict(x) as Tensor;
    expect([manifest.name, ...(await y.data())]).toEqual(['sum', 320]);
    x.dispose();
    y.dispose();
    dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('refuses a pack of layers, and weights that are not as the manifest says', async () => {
    const layers = serve(await makeFixture());
    await expectAsync(loadGraphPack(url, { fetch: layers, cache: null })).toBeRejectedWithError(
      RangeError,
      /model.json must have the format graph-model/,
    );
    const changed = await graphFixture();
    changed.files.set('weights.bin', new Uint8Array(Float32Array.of(2, 4).buffer));
    await expectAsync(loadGraphPack(url, { fetch: serve(changed), cache: null })).toBeRejectedWithError(/sha256/);
  });
});
