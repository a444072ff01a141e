import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import '@tfjs-sparse/sparse-matmul/layers';
import { readSafetensors } from '@tfjs-sparse/core';
import { loadPack } from '@tfjs-sparse/packs';

const folder = join(fileURLToPath(new URL('.', import.meta.url)), '../..');

const pointwiseWeights = 124_928; // of the 1 x 1 convolutions of the dense network

describe('the packs of fashion-mobilenet-90', () => {
  for (const name of ['.', 'nm', 'dense']) {
    it(`give the golden's probabilities: ${name}`, async () => {
      const { model, files, dispose } = await loadPack(join(folder, name));
      const { tensors } = readSafetensors(new Uint8Array(files.get('golden.safetensors')!));
      const [image, wanted] = [tensors.get('in_image')!, tensors.get('probabilities')!];
      const x = tf.tensor(image.values as Float32Array, [...image.shape]);
      const y = model.predict(x) as tf.Tensor;
      const got = await y.data();
      const errors = got.map((value, i) => Math.abs(value - Number(wanted.values[i])));
      expect(got.length).toBe(wanted.values.length);
      expect(Math.max(...errors)).toBeLessThan(1e-5); // float32 sums in another order
      tf.dispose([x, y]);
      dispose();
    });
  }

  it('keep a tenth of the weights, and two of four', async () => {
    for (const [name, share] of [
      ['.', 0.1],
      ['nm', 0.5],
    ] as const) {
      const { model, dispose } = await loadPack(join(folder, name));
      const layers = model.layers.filter((layer) => layer.getClassName() === 'SparseConv1x1');
      const kept = layers.map((layer) => layer.getWeights()[0].size).reduce((total, size) => total + size, 0);
      expect(layers.length).toBe(5);
      expect(kept / pointwiseWeights).toBeCloseTo(share, 3);
      dispose();
    }
  });
});
