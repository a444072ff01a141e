import { readFileSync } from 'node:fs';
import { ready, setBackend } from '@tensorflow/tfjs-core';
import { goldenCases, largestError, outputsOf } from '../lowering/golden-cases-fixture.spec.js';
import { tfliteOps } from './ops/index.js';
import { readTflite } from './read-tflite.js';
import { readTfliteFile } from './tflite-model.js';

// Small models and what LiteRT's interpreter gives for them (golden/make_tflite_ops.py).
const cases = goldenCases(readFileSync(new URL('../../golden/tflite-ops.safetensors', import.meta.url)), 'model');

describe('readTflite', () => {
  beforeAll(async () => {
    await setBackend('wasm');
    await ready();
  });

  afterAll(() => setBackend('cpu'));

  for (const { name, file, inputs, outputs } of cases) {
    it(`gives what LiteRT gives for ${name}`, async () => {
      const { inputs: places, tensor } = readTfliteFile(file.buffer);
      const given = Object.fromEntries(places.map((place, i) => [tensor(place).name, inputs[i]]));
      const got = await outputsOf(readTflite(file.buffer), given);
      expect(got.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
      expect(got.map(({ dtype }) => dtype)).toEqual(outputs.map(({ dtype }) => dtype));
      outputs.forEach((output, i) =>
        expect(largestError(got[i], output)).withContext(`output ${i}`).toBeLessThan(1e-5),
      );
    });
  }

  it('has a case of each of its operators', () => {
    const tested = new Set(cases.flatMap(({ file }) => readTfliteFile(file.buffer).operators.map(({ op }) => op)));
    expect(Object.keys(tfliteOps).filter((op) => !tested.has(op))).toEqual([]);
    expect(tested.size).toBeGreaterThanOrEqual(100);
  });
});
