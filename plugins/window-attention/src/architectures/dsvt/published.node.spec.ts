import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { bytesSource, readCheckpoint, type Architecture } from '@tfjs-sparse/converter/checkpoints';
import { readSafetensors, SparseTensor, sparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { dsvtArchitecture } from '../../convert.js';

const folder = fileURLToPath(new URL('../../../../../../shared/golden/attention/', import.meta.url));

/** Weights and results of the repositories' own code. */
const cases: readonly [file: string, architecture: Architecture][] = [
  [
    'dsvt/model_pillar_2blocks',
    dsvtArchitecture({ heads: 2, windowSizes: [[1, 6, 6]], shift: [0, 3, 3], setSize: 9 }), // prettier-ignore
  ],
  [
    'dsvt/model_two_stages_attention_pool',
    dsvtArchitecture({ heads: 2, windowSizes: [[12, 6, 6], [3, 6, 6]], shift: [0, 3, 3], setSize: 8, poolSizes: [[4, 1, 1]] }), // prettier-ignore
  ],
];

describe('what the code of DSVT computes', () => {
  if (!existsSync(folder)) {
    it('is compared where it is', () => pending('no folder shared/golden/attention'));
    return;
  }
  for (const [file, architecture] of cases) {
    it(`comes out of its weights (${file})`, async () => {
      const bytes = new Uint8Array(readFileSync(`${folder}${file}.safetensors`));
      const all = await readCheckpoint(bytesSource(file, bytes));
      const named = all.tensors.filter(({ path }) => path.startsWith('w.'));
      const tensors = named.map((each) => ({ ...each, path: each.path.slice(2), keys: [each.path.slice(2)] }));
      const checkpoint = { ...all, tensors };
      expect(architecture.recognise(checkpoint)).not.toBeNull();
      const { model, loaded } = await architecture.build(checkpoint);
      expect(loaded.unused).toEqual([]);
      const golden = readSafetensors(bytes).tensors;
      const rowsOf = (name: string) => {
        const { values, shape } = golden.get(name)!;
        return Array.from({ length: shape[0] }, (_, row) => Array.from(values.slice(row * shape[1], (row + 1) * shape[1]), Number)); // prettier-ignore
      };
      const x = sparseTensor(tf.tensor2d(rowsOf('in.x')), rowsOf('in.coords'));
      const y = predict(model, x);
      const [map, features] = y instanceof SparseTensor ? [y.map, y.features] : [x.map, y as tf.Tensor];
      const outputs = rowsOf('out.y');
      const sites = rowsOf(golden.has('out.coords') ? 'out.coords' : 'in.coords');
      const bySite = new Map(sites.map((site, i) => [site.join(), outputs[i]]));
      const found = (await features.array()) as number[][];
      let error = 0;
      found.forEach((row, i) => {
        const site = map.coordinates.slice(i * (1 + map.rank), (i + 1) * (1 + map.rank)).join();
        row.forEach((value, channel) => (error = Math.max(error, Math.abs(value - bySite.get(site)![channel]))));
      });
      if (process.env.SHOW_ERRORS) console.log(file, error);
      expect([found.length, error < 1e-5]).toEqual([sites.length, true]);
      model.dispose();
    });
  }
});
