import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { bytesSource, chooseArchitecture, readCheckpoint, type Checkpoint } from '@tfjs-sparse/converter/checkpoints';
import { readSafetensors } from '@tfjs-sparse/core';
import { architectures, saeArchitecture } from '../convert.js';

const golden = new URL('../../../../packages/converter/golden/architectures/', import.meta.url);
const contentsOf = (file: string) => new Uint8Array(readFileSync(new URL(file, golden)));

function checkpointOf(name: string): Promise<Checkpoint> {
  return readCheckpoint(bytesSource(`${name}.pt`, contentsOf(`${name}.pt`)));
}

describe('the architecture sae', () => {
  it('gives what PyTorch gives', async () => {
    const checkpoint = await checkpointOf('sae-openai');
    const { architecture, reason } = chooseArchitecture(checkpoint, architectures);
    expect(reason).toMatch(/^tensors pre_bias, .*, which are those of openai$/);
    const { model, loaded } = await architecture.build(checkpoint);
    expect([loaded.missing, loaded.unused, model.inputs[0].shape]).toEqual([[], [], [null, 20]]);
    const { tensors } = readSafetensors(contentsOf('sae-openai.safetensors'));
    const [x, output] = ['x', 'output'].map((name) => tensors.get(name)!);
    const y = model.predict(tf.tensor(x.values as Float32Array, [...x.shape])) as tf.Tensor;
    const error = [...(await y.data())].reduce((most, value, i) => Math.max(most, Math.abs(value - Number(output.values[i]))), 0); // prettier-ignore
    if (process.env.SHOW_ERRORS) console.log('sae-openai', error);
    expect([y.size, error < 1e-5]).toEqual([output.values.length, true]);
    tf.dispose(y);
    model.dispose();
  });

  it('is not what other networks with an encoder are', async () => {
    expect(saeArchitecture().recognise(await checkpointOf('ptv3'))).toBeNull();
    const { tensors } = await checkpointOf('sae-openai');
    const [weight] = tensors.filter(({ path }) => path === 'encoder.weight');
    const plain = ['encoder.weight', 'decoder.weight', 'encoder.bias', 'decoder.bias'];
    const other = plain.map((path) => ({ ...weight, path, keys: path.split('.') }));
    expect(saeArchitecture().recognise({ ...(await checkpointOf('sae-openai')), tensors: other })).toBeNull();
  });
});
