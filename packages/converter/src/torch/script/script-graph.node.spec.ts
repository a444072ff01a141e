import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { readSafetensors } from '@tfjs-sparse/core';
import { bytesSource } from '../../bytes/byte-source.js';
import { readCheckpoint } from '../../checkpoint/read-checkpoint.js';
import { convertFile } from '../../conversion/convert-file.js';
import { compareOutputs } from '../../verification/compare-outputs.js';
import { runSavedModel } from '../../verification/run-saved-model.js';
import { moduleRules } from '../module/module-rules.js';
import type { GivenInputs } from './script-inputs.js';

// Files that torch.jit and torch.save of PyTorch wrote, and what PyTorch gives (make_torchscript.py there).
const file = new URL('../../../golden/torchscript/torchscript.safetensors', import.meta.url);
const { tensors, metadata } = readSafetensors(new Uint8Array(readFileSync(file)));

describe('torchScriptGraph and moduleGraph', () => {
  for (const [path, { values }] of tensors) {
    if (!path.endsWith('/script')) continue;
    const name = path.slice(0, -'/script'.length);
    const sideOf = (side: string) =>
      [...tensors].filter(([key]) => key.startsWith(`${name}/${side}_`)).map(([, tensor]) => tensor);

    it(`give what PyTorch gives (${name})`, async () => {
      const before = tf.memory().numTensors;
      const shapes = metadata.has(name) ? (JSON.parse(metadata.get(name)!) as GivenInputs) : undefined;
      const source = bytesSource(`${name}.pt`, (values as Uint8Array).slice());
      const { artifacts, inputs, outputs } = await convertFile(source, { inputs: shapes });
      const given = new Map(inputs.map((input, i) => [input, sideOf('input')[i]]));
      const wanted = new Map(outputs.map((output, i) => [output, sideOf('output')[i]]));
      expect(outputs.length).toBe(sideOf('output').length);
      const errors = compareOutputs(await runSavedModel(artifacts, given), wanted, given);
      const largest = Math.max(...errors.map(({ maxError }) => maxError));
      if (process.env.SHOW_ERRORS) console.log(name, largest);
      expect(largest).toBeLessThan(1e-5);
      expect(tf.memory().numTensors).withContext('tensors left behind').toBe(before);
    });
  }

  it('have a golden of each module of torch.nn that is covered', async () => {
    const classes = new Set<string>();
    for (const [path, { values }] of tensors) {
      if (!path.endsWith('-module/script')) continue;
      const { globals } = await readCheckpoint(bytesSource('m.pt', (values as Uint8Array).slice()));
      for (const name of globals) classes.add(name.split('.').at(-1)!);
    }
    expect(Object.keys(moduleRules).filter((name) => !classes.has(name))).toEqual([]);
  });
});
