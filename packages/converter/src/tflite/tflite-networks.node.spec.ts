import { readFileSync } from 'node:fs';
import { ready, setBackend } from '@tensorflow/tfjs-core';
import { goldenCases, largestError, outputsOf } from '../lowering/golden-cases-fixture.spec.js';
import { readTflite } from './read-tflite.js';
import { readTfliteFile } from './tflite-model.js';

// Networks of Keras as TensorFlow's converter writes them, and what LiteRT gives (golden/make_tflite_networks.py).
const path = new URL('../../golden/tflite-networks.safetensors', import.meta.url);
/** LiteRT rounds what each layer of a network of 8 bits gives, readTflite nothing: they differ by a step of the output. */
const mostSteps = 2;

describe('readTflite of whole networks', () => {
  beforeAll(async () => {
    await setBackend('wasm');
    await ready();
  });

  afterAll(() => setBackend('cpu'));

  for (const { name, file, inputs, outputs } of goldenCases(readFileSync(path), 'model')) {
    it(`gives what LiteRT gives for ${name}`, async () => {
      const { inputs: places, outputs: ends, tensor } = readTfliteFile(file.buffer);
      const got = await outputsOf(readTflite(file.buffer), { [tensor(places[0]).name]: inputs[0] });
      expect(got.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
      outputs.forEach((output, i) => {
        const { quantization } = tensor(ends[i]);
        if (quantization && 'scales' in quantization) {
          const differences = Array.from(output.values, (value, at) => Math.abs(value - got[i].values[at]));
          expect(Math.max(...differences)).toBeLessThan(mostSteps * quantization.scales[0]);
        } else expect(largestError(got[i], output)).toBeLessThan(1e-5);
      });
    });
  }
});
