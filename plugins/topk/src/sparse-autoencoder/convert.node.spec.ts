import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { bytesSource, readCheckpoint } from '@tfjs-sparse/converter/checkpoints';
import { readSafetensors } from '@tfjs-sparse/core';
import { saeFromCheckpoint } from './convert.js';

const folder = fileURLToPath(new URL('../../../../../shared/golden/topk/', import.meta.url));

/** Files that four libraries wrote, the results that they gave with them, and what their own code says besides. */
const cases: readonly [golden: string, checkpoint: string, output: string, config?: object][] = [
  ['openai_topk_normalized', 'openai_topk_normalized.pt', 'out.recons', { activation: 'TopK', k: 4 }],
  ['openai_relu_l1', 'openai_relu_l1.pt', 'out.recons'],
  ['dl_topk', 'dictionary_learning_topk/ae.pt', 'out.recons_train', { dict_class: 'AutoEncoderTopK' }],
  ['dl_gated', 'dictionary_learning_gated/ae.pt', 'out.recons'],
  ['dl_jumprelu', 'dictionary_learning_jumprelu/ae.pt', 'out.recons', { dict_class: 'JumpReluAutoEncoder' }],
  ['saelens_topk', 'saelens_topk/sae_weights.safetensors', 'out.recons'],
  ['saelens_gated', 'saelens_gated/sae_weights.safetensors', 'out.recons'],
  ['saelens_jumprelu', 'saelens_jumprelu/sae_weights.safetensors', 'out.recons'],
  ['sparsify_topk_auxk', 'sparsify_topk_auxk/sae.safetensors', 'out.sae_out'],
  ['sparsify_groupmax_skip_transcode', 'sparsify_groupmax_skip_transcode/sae.safetensors', 'out.sae_out'],
];

describe('saeFromCheckpoint', () => {
  if (!existsSync(folder)) {
    it('gives what libraries give with their own files', () => pending('no folder shared/golden/topk'));
    return;
  }
  for (const [golden, checkpoint, output, config = {}] of cases) {
    it(`gives what the library gives with its own file (${golden})`, async () => {
      const file = `${folder}checkpoints/${checkpoint}`;
      const bytes = new Uint8Array(readFileSync(file));
      const cfg = file.replace(/[^/]*$/, 'cfg.json');
      const theirs = existsSync(cfg) ? (JSON.parse(readFileSync(cfg, 'utf8')) as object) : {};
      const before = tf.memory().numTensors;
      const { layer } = await saeFromCheckpoint(await readCheckpoint(bytesSource(checkpoint, bytes)), {
        ...theirs,
        ...config,
      });
      expect(tf.memory().numTensors - before).toBe(layer.weights.length);
      const { tensors } = readSafetensors(readFileSync(`${folder}${golden}.safetensors`));
      const [x, expected] = [tensors.get('in.x')!, tensors.get(output)!];
      const y = layer.apply(tf.tensor(x.values as Float32Array, [...x.shape])) as tf.Tensor;
      const values = await y.data();
      const largest = Math.max(1, ...Array.from(expected.values as Float32Array, Math.abs));
      (expected.values as Float32Array).forEach((value, i) => {
        expect(Math.abs(values[i] - value) / largest).toBeLessThan(1e-5);
      });
      tf.dispose(y);
      for (const weight of layer.weights) weight.dispose();
    });
  }
});
