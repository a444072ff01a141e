import fs from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import {
  bytesSource,
  chooseArchitecture,
  readCheckpoint,
  resnetArchitecture,
} from '@tfjs-sparse/converter/checkpoints';
import { sparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { architectures as ofSparseConv } from '@tfjs-sparse/sparse-conv/convert';
import { architectures as ofTopK } from '@tfjs-sparse/topk/convert';
import { architectures as ofWindowAttention } from '@tfjs-sparse/window-attention/convert';
import { root } from '../scripts/workspaces.mjs';

const architectures = [resnetArchitecture, ...ofSparseConv, ...ofTopK, ...ofWindowAttention];
const folder = path.join(root, 'packages/converter/golden/architectures');
const files = fs.readdirSync(folder).filter((file) => file.endsWith('.pt'));
const opened = (file) => readCheckpoint(bytesSource(file, new Uint8Array(fs.readFileSync(path.join(folder, file)))));

describe('all architectures', () => {
  it('have different names, and are those that files of golden/architectures are called by', () => {
    const names = architectures.map((each) => each.name);
    expect(new Set(names).size).toBe(names.length);
    expect([...new Set(files.map((file) => file.match(/^(resnet|[a-z0-9]+)/)[1]))].sort()).toEqual([...names].sort());
  });

  it('recognise their own files, and no others', async () => {
    expect(files.length).toBeGreaterThan(15);
    for (const file of files) {
      const { architecture } = chooseArchitecture(await opened(file), architectures);
      expect(file.startsWith(architecture.name)).withContext(`${file}: ${architecture.name}`).toBe(true);
    }
  });

  it('are none for other files, and say what they look for', async () => {
    const file = path.join(root, 'packages/converter/golden/networks/images.pt');
    const checkpoint = await readCheckpoint(bytesSource(file, new Uint8Array(fs.readFileSync(file))));
    const messageOf = (name) => {
      try {
        return chooseArchitecture(checkpoint, architectures, name).reason;
      } catch (error) {
        return error.message;
      }
    };
    expect(messageOf()).toContain(
      `the keys of one of ${architectures.map(({ name }) => name).join(', ')}, got stem.weight`,
    );
    for (const { name, keys } of architectures) expect(messageOf(name)).toContain(`the keys of ${name} (${keys})`);
  });

  it('give models that tfjs saves and loads', async () => {
    const { architecture } = chooseArchitecture(await opened('minkunet-minkowski.pt'), architectures);
    const { model } = await architecture.build(await opened('minkunet-minkowski.pt'));
    let saved;
    await model.save(tf.io.withSaveHandler(async (artifacts) => ((saved = artifacts), { modelArtifactsInfo: {} })));
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved));
    const x = sparseTensor(tf.ones([2, 3]), [[0, 1, 2, 3], [0, 1, 2, 4]]); // prettier-ignore
    const [before, after] = await Promise.all([model, loaded].map((each) => predict(each, x).data()));
    expect([...after]).toEqual([...before]);
  });
});
