import fs from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { bytesSource, chooseArchitecture, readCheckpoint, StoredTensor } from '@tfjs-sparse/converter/checkpoints';
import { readSafetensors, sparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import '@tfjs-sparse/sparse-conv/layers';
import {
  architectures,
  litePTArchitecture,
  pointTransformerV3Architecture,
} from '@tfjs-sparse/window-attention/convert';
import { root } from '../scripts/workspaces.mjs';

// Networks whose convolutions are sparse-conv's and whose attention is window-attention's.

const contentsOf = (file) =>
  new Uint8Array(fs.readFileSync(path.join(root, 'packages/converter/golden/architectures', file)));
const checkpointOf = (name) => readCheckpoint(bytesSource(`${name}.pt`, contentsOf(`${name}.pt`)));

async function largestError(model, name) {
  const { tensors } = readSafetensors(contentsOf(`${name}.safetensors`));
  const { values, shape } = tensors.get('coords');
  const rows = Array.from({ length: shape[0] }, (_, row) => [...values.subarray(row * shape[1], (row + 1) * shape[1])]);
  const features = tensors.get('features');
  const found = await predict(model, sparseTensor(tf.tensor2d(features.values, features.shape), rows)).data();
  const expected = tensors.get('output').values;
  expect(found.length).toBe(expected.length);
  const error = found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
  if (process.env.SHOW_ERRORS) console.log(name, error);
  return error;
}

describe('the architecture', () => {
  const cases = [
    {
      name: 'ptv3',
      reason: 'modules backbone.embedding, enc and dec with 8 blocks with cpe',
      architecture: pointTransformerV3Architecture({ encoderHeads: [2, 4, 3], decoderHeads: [2, 2], patchSize: 16 }),
      assumptions: ['orders: ["z","z-trans","hilbert","hilbert-trans"]'],
    },
    {
      name: 'litept',
      reason: 'modules embedding, enc and dec with 2 convolutions and 6 attentions in blocks',
      architecture: litePTArchitecture({ encoderHeads: [1, 2, 1], decoderHeads: [1, 1], patchSize: 16 }),
      assumptions: ['orders: ["z","z-trans","hilbert","hilbert-trans"]', 'frequency: 100'],
    },
  ];
  for (const { name, reason, architecture, assumptions } of cases) {
    it(`${name} gives what PyTorch gives`, async () => {
      const checkpoint = await checkpointOf(name);
      const chosen = chooseArchitecture(checkpoint, architectures);
      expect([chosen.architecture.name, chosen.reason]).toEqual([name, reason]);
      const { model, loaded, assumptions: assumed } = await architecture.build(checkpoint);
      expect([loaded.missing, loaded.unused, assumed]).toEqual([[], [], assumptions]);
      expect(await largestError(model, name)).toBeLessThan(1e-5);
      model.dispose();
    });
  }

  it('ptv3 has relative biases where the weights have tables of them', async () => {
    const checkpoint = await checkpointOf('ptv3');
    const settings = { encoderHeads: [2, 4, 3], decoderHeads: [2, 2], patchSize: 16 };
    const queries = checkpoint.tensors.filter((each) => each.path.endsWith('.attn.qkv.weight'));
    const tables = queries.map(({ keys: [container, name] }) => {
      const [, way, stage] = /(enc|dec)(\d)\.block/.exec(name);
      const heads = settings[way === 'enc' ? 'encoderHeads' : 'decoderHeads'][stage];
      const storage = {
        key: name,
        location: null,
        byteLength: 4 * 27 * heads,
        read: async (_, length) => new Uint8Array(length),
      };
      const fields = {
        dtype: 'float32',
        shape: [27, heads],
        strides: [heads, 1],
        storageOffset: 0,
        storage,
        requiresGrad: null,
      };
      const key = name.replace('qkv.weight', 'rpe.rpe_table');
      return { path: `${container}.${key}`, keys: [container, key], tensor: new StoredTensor('rpe', fields) };
    });
    const withTables = { ...checkpoint, tensors: [...checkpoint.tensors, ...tables] };
    const { model, loaded } = await pointTransformerV3Architecture(settings).build(withTables);
    expect(loaded.unused).toEqual([]);
    expect(model.getLayer('encoder0_block0').getConfig().relativeBound).toBe(4);
    expect(await largestError(model, 'ptv3')).toBeLessThan(1e-5); // tables of zeros
    model.dispose();
  });

  it('ptv3 asks for heads that no weight says', async () => {
    await expectAsync(pointTransformerV3Architecture().build(await checkpointOf('ptv3'))).toBeRejectedWithError(
      RangeError,
      "ptv3: encoderHeads must be given where channels are no multiple of 16 (published networks' of a head), got [8, 8, 12]",
    );
  });
});

// Weights and results of LitePT's own code.
const published = path.join(root, '../shared/golden/attention/litept');

describe('what the code of LitePT computes', () => {
  if (!fs.existsSync(published)) {
    it('is compared where it is', () => pending('no folder shared/golden/attention/litept'));
    return;
  }

  it('comes out of its weights', async () => {
    const bytes = new Uint8Array(fs.readFileSync(path.join(published, 'model_nano.safetensors')));
    const all = await readCheckpoint(bytesSource('model_nano', bytes));
    const named = all.tensors.filter((each) => each.path.startsWith('w.'));
    const tensors = named.map((each) => ({ ...each, path: each.path.slice(2), keys: [each.path.slice(2)] }));
    const settings = { encoderHeads: [1, 1, 2], patchSize: 16 };
    const { model, loaded } = await litePTArchitecture(settings).build({ ...all, tensors });
    expect(loaded.unused).toEqual([]);
    const golden = readSafetensors(bytes).tensors;
    const [batch, cells, feat, expected] = ['in.batch', 'in.grid_coord', 'in.feat', 'out.y'].map((name) =>
      golden.get(name),
    );
    const rows = Array.from(batch.values, (cloud, i) => [cloud, ...cells.values.subarray(3 * i, 3 * i + 3)]);
    const order = rows.map((_, i) => i).sort((a, b) => compare(rows[a], rows[b]));
    const sorted = order.map((i) => feat.values.subarray(4 * i, 4 * i + 4));
    const y = await predict(model, sparseTensor(tf.tensor2d(sorted.map((row) => [...row])), order.map((i) => rows[i]))).array(); // prettier-ignore
    const width = expected.shape[1];
    const errors = y.flatMap((row, at) =>
      row.map((value, c) => Math.abs(value - expected.values[order[at] * width + c])),
    );
    if (process.env.SHOW_ERRORS) console.log('litept/model_nano', Math.max(...errors));
    expect(Math.max(...errors)).toBeLessThan(1e-5);
  });
});

function compare(one, other) {
  const at = one.findIndex((value, i) => value !== other[i]);
  return at < 0 ? 0 : one[at] - other[at];
}
