import * as tf from '@tensorflow/tfjs';
import { bytesSource } from '../bytes/byte-source.js';
import { convertFile } from '../conversion/convert-file.js';
import { modelFiles } from '../conversion/model-files.js';
import { openSavedModel } from './run-saved-model.js';

async function savedSequential(): Promise<tf.io.ModelArtifacts> {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3], name: 'fc' })] });
  tf.tidy(() => model.setWeights([tf.ones([3, 2]), tf.zeros([2])]));
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(tf.io.withSaveHandler(async (artifacts) => {
    saved = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
  })); // prettier-ignore
  model.dispose();
  return saved!;
}

describe('a saved model', () => {
  const x = { dtype: 'F32', shape: [1, 3], values: Float32Array.of(1, 2, 3) } as const;

  it('has names of inputs and outputs where it is a Sequential, and runs several times', async () => {
    const before = tf.memory().numTensors;
    const model = await openSavedModel(await savedSequential());
    expect(model.inputs).toEqual([{ name: 'fc_input', dtype: 'float32', shape: [null, 3] }]);
    for (let i = 0; i < 2; i++) {
      const [{ name, shape, values }] = await model.run(new Map([['x', x]]));
      expect([name, shape, Array.from(values)].flat()).toEqual(['fc', 1, 2, 6, 6]);
    }
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is the same after it was converted, as files', async () => {
    const files = [...modelFiles(await savedSequential())];
    const [json, ...shards] = files.map(({ name, bytes }) => bytesSource(name, bytes));
    const source = { ...json, sibling: async (name: string) => shards.find((each) => each.name === name) ?? null };
    const { artifacts, inputs, outputs } = await convertFile(source);
    expect([inputs, outputs]).toEqual([['fc_input'], ['fc']]);
    const model = await openSavedModel(artifacts);
    expect(Array.from((await model.run(new Map([['fc_input', x]])))[0].values)).toEqual([6, 6]);
    model.dispose();
  });
});

describe('modelFiles', () => {
  it('cuts weights into shards of 4 MiB, whatever the buffers are', () => {
    const weightData = [0, 5_000_000, 0, 3_000_000, 388_608].map(
      (length, i) => new Uint8Array(length).fill(i + 1).buffer,
    );
    const [json, ...shards] = modelFiles({ modelTopology: {}, weightSpecs: [], weightData });
    expect((JSON.parse(new TextDecoder().decode(json.bytes)) as tf.io.ModelJSON).weightsManifest[0].paths).toEqual([
      'group1-shard1of2.bin',
      'group1-shard2of2.bin',
    ]);
    expect(shards.map(({ bytes }) => bytes.length)).toEqual([2 ** 22, 2 ** 22]);
    expect([shards[0].bytes[0], shards[1].bytes[0], shards[1].bytes[2 ** 22 - 1]]).toEqual([2, 2, 5]);
    expect([shards[1].bytes[5_000_000 - 2 ** 22 - 1], shards[1].bytes[5_000_000 - 2 ** 22]]).toEqual([2, 4]);
  });

  it('has a shard of no bytes for a model without weights', () => {
    expect([...modelFiles({ modelTopology: {} })].map(({ name }) => name)).toEqual([
      'model.json',
      'group1-shard1of1.bin',
    ]);
  });
});
