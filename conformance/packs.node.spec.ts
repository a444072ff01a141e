import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { writeSafetensors } from '@tfjs-sparse/core';
import { savedModel, writePack } from '@tfjs-sparse/packs/write-pack';
import { findPacks, packFolders } from './find-packs.js';
import { workspace } from './node-files.js';
import { rewritePack } from './rewrite-pack.js';
import { runPackCase } from './run-pack.js';
import type { CaseResult } from './src/report.js';

const models = path.join(workspace, '../models');

const manifest = {
  name: 'clamp',
  version: '1.0.0',
  task: 'ReLU',
  description: 'Numbers that are not below 0.',
  input: {},
  outputs: [{ name: 'y' }],
  labels: [],
  licence: 'Apache-2.0',
  citations: [],
  trainingData: 'none',
  quality: {},
  plugins: [],
};

describe('the pack', () => {
  for (const name of packFolders(models)) {
    it(`${name} has the same bytes when it is written again from what was loaded`, async () => {
      const source = path.join(models, name);
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pack-'));
      const { files } = await rewritePack(source, folder);
      for (const file of ['manifest.json', ...files.map((each) => each.path)]) {
        const [wanted, got] = [source, folder].map((place) => fs.readFileSync(path.join(place, file)));
        expect(got.equals(wanted))
          .withContext(`${file}: npm run packs -w conformance writes it as today's layers do`)
          .toBeTrue();
      }
      fs.rmSync(folder, { recursive: true });
    });

    it(`${name} has the sizes of its files in its card`, () => {
      const { files } = JSON.parse(fs.readFileSync(path.join(models, name, 'manifest.json'), 'utf8')) as {
        files: { path: string; bytes: number }[];
      };
      const card = fs.readFileSync(path.join(models, name.split('/')[0], 'README.md'), 'utf8');
      for (const { path: file, bytes } of files) {
        if (['model.json', 'weights.bin'].includes(file)) expect(card).withContext(file).toContain(`| ${bytes} |`);
      }
    });
  }
});

describe('runPackCase', () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pack-'))));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  /** A pack that gives x, with these tensors as its golden. */
  async function result(tensors: Record<string, number[]>): Promise<CaseResult> {
    const model = tf.sequential({ layers: [tf.layers.reLU({ inputShape: [2] })] });
    const entries = Object.entries(tensors).map(([name, values]) => {
      return [name, { dtype: 'F32', shape: [1, values.length], values: Float32Array.from(values) }] as const;
    });
    const golden = { tensors: new Map(entries), source: 'by hand' };
    await writePack(folder, { manifest, model: await savedModel(model), golden });
    return runPackCase({ id: 'packs/a/x', pack: 'a', prefix: '' }, folder);
  }

  it('passes what is right and catches a wrong value, shape, name and a missing tensor', async () => {
    expect((await result({ in_x: [1, 2], y: [1, 2] })).status).toBe('pass');
    const reasons: (string | null)[] = [];
    const goldens: Record<string, number[]>[] = [
      { in_x: [1, 2], y: [1, 2.1] },
      { in_x: [1, 2], y: [1, NaN] },
      { in_x: [1, 2], y: [1] },
      { in_x: [1, 2], y: [1, 2], z: [3] },
      { in_x: [1, 2] },
      { in_x: [1, 2], in_z: [1, 2], y: [1, 2] },
      { in_coords: [0, 1], in_features: [1], in_mask: [1], y: [1, 2] },
    ];
    for (const wrong of goldens) {
      const { status, reason } = await result(wrong);
      expect(status).toBe('fail');
      reasons.push(reason);
    }
    expect(reasons).toEqual([
      jasmine.stringContaining('the outputs must be within 0.0001 of the golden'),
      jasmine.stringContaining('the outputs must be within 0.0001 of the golden'),
      "packs: y must have the golden's shape [1,1], got [1,2]",
      'packs: tensors of a golden must be inputs in_… or y, got z',
      "packs: a golden's case must have y, got in_x",
      "packs: a golden's case must have in_coords or one input, got in_x,in_z",
      'packs: a case with in_coords must have in_features alone, got in_mask',
    ]);
  });

  it('fails where a listed file is missing', async () => {
    await result({ in_x: [1, 2], y: [1, 2] });
    fs.rmSync(path.join(folder, 'weights.bin'));
    const { reason } = await runPackCase({ id: 'packs/a/x', pack: 'a', prefix: '' }, folder);
    expect(reason).toMatch(/^loadPack: weights.bin must exist/);
  });
});

describe('findPacks', () => {
  let models: string;
  beforeEach(() => (models = fs.mkdtempSync(path.join(os.tmpdir(), 'models-'))));
  afterEach(() => fs.rmSync(models, { recursive: true }));

  const file = (name: string, contents: string | Uint8Array) => {
    fs.mkdirSync(path.dirname(path.join(models, name)), { recursive: true });
    fs.writeFileSync(path.join(models, name), contents);
  };
  const listing = (...files: { path: string; role: string }[]) => JSON.stringify({ files });
  const golden = { path: 'golden.safetensors', role: 'golden' };
  const tensor = { dtype: 'F32' as const, shape: [1], values: Float32Array.of(1) };

  it('finds packs by their manifests, packs inside of packs too, and the cases of their goldens', () => {
    file('a/manifest.json', listing(golden));
    file('a/golden.safetensors', writeSafetensors(new Map([['one/in_x', tensor], ['two/in_x', tensor]]))); // prettier-ignore
    file('a/small/manifest.json', listing(golden));
    file('a/small/golden.safetensors', writeSafetensors(new Map([['in_image', tensor], ['y', tensor]]))); // prettier-ignore
    file('b/package.json', '{}');
    expect(findPacks(models).map(({ pack, problem }) => [pack, problem])).toEqual([
      ['a', null],
      ['a/small', null],
    ]);
    const ids = findPacks(models).flatMap(({ cases }) => cases.map(({ id }) => id));
    expect(ids).toEqual(['packs/a/one', 'packs/a/two', 'packs/a/small/image']);
  });

  it('names a listed file that is missing, a missing golden, and one without inputs', () => {
    file('a/manifest.json', listing({ path: 'weights.bin', role: 'weights' }, golden));
    file('b/manifest.json', listing());
    file('c/manifest.json', listing(golden));
    file('c/golden.safetensors', writeSafetensors(new Map([['y', tensor]])));
    file('d/manifest.json', '{');
    const problems = findPacks(models).map(({ problem }) => problem);
    expect(problems.slice(0, 3)).toEqual([
      'packs: a/manifest.json must list files that exist, got weights.bin',
      'packs: b/manifest.json must list a golden, got none',
      'packs: the golden of c must have inputs in_…, got none',
    ]);
    expect(problems[3]).toMatch(/^packs: d\/manifest.json must be JSON with a list of files, got /);
  });
});
