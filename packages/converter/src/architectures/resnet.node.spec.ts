import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { readSafetensors } from '@tfjs-sparse/core';
import { bytesSource } from '../bytes/byte-source.js';
import { readCheckpoint, type Checkpoint } from '../checkpoint/read-checkpoint.js';
import { chooseArchitecture } from './architecture.js';
import { resnetArchitecture } from './resnet.js';

const contentsOf = (name: string) => new Uint8Array(readFileSync(new URL(`../../golden/architectures/${name}`, import.meta.url))); // prettier-ignore

function checkpointOf(name: string): Promise<Checkpoint> {
  return readCheckpoint(bytesSource(`${name}.pt`, contentsOf(`${name}.pt`)));
}

/** The same with tensors left out. */
function without(checkpoint: Checkpoint, pattern: RegExp): Checkpoint {
  return { ...checkpoint, tensors: checkpoint.tensors.filter(({ path }) => !pattern.test(path)) };
}

describe('the architecture resnet', () => {
  const cases = [
    ['resnet20-cifar-pruned', 'modules conv1, bn1 and layer1 to layer3 with 3, 3, 3 basic blocks', 'prunes'],
    ['resnet-cifar-shortcut', 'modules conv1, bn1 and layer1 to layer3 with 1, 2, 1 basic blocks', null],
    ['resnet-torchvision', 'modules conv1, bn1 and layer1 to layer4 with 2, 1, 1, 1 basic blocks', null],
    ['resnet-torchvision-bottleneck', 'modules conv1, bn1 and layer1 to layer3 with 1, 2, 1 bottleneck blocks', null],
  ] as const;
  for (const [name, expectedReason, pruning] of cases) {
    it(`gives what PyTorch gives (${name})`, async () => {
      const checkpoint = await checkpointOf(name);
      const { architecture, reason } = chooseArchitecture(checkpoint, [resnetArchitecture]);
      expect(reason).toBe(expectedReason);
      const { model, loaded } = await architecture.build(checkpoint);
      expect([loaded.missing, loaded.unused, loaded.pairings.filter(({ note }) => note)]).toEqual([[], [], []]);
      if (pruning) {
        const kernel = await model.getLayer('layer2.1.conv1').getWeights()[0].data();
        expect(kernel.filter((value) => value === 0).length).toBe(Math.round(0.8 * kernel.length));
      }
      const { tensors } = readSafetensors(contentsOf(`${name}.safetensors`));
      const [image, logits] = ['image', 'logits'].map((key) => tensors.get(key)!);
      const x = tf.transpose(tf.tensor(image.values as Float32Array, [...image.shape]), [0, 2, 3, 1]);
      const y = [...(await (model.predict(x) as tf.Tensor).data())];
      const error = y.reduce((most, value, i) => Math.max(most, Math.abs(value - Number(logits.values[i]))), 0);
      if (process.env.SHOW_ERRORS) console.log(name, error);
      expect([y.length, error < 1e-5]).toEqual([logits.values.length, true]);
      model.dispose();
    });
  }

  it('refuses tensors that the network has no place for, and leaves nothing behind', async () => {
    const checkpoint = await checkpointOf('resnet-torchvision');
    const [weight] = checkpoint.tensors;
    const more = ['fc.alpha', 'conv1.bias_extra'].map((path) => ({ ...weight, path, keys: [path] }));
    const before = tf.memory().numTensors;
    await expectAsync(
      resnetArchitecture.build({ ...checkpoint, tensors: [...checkpoint.tensors, ...more] }),
    ).toBeRejectedWithError(
      RangeError,
      'resnet: every tensor of a module must have a place in its layer, got conv1.bias_extra, fc.alpha',
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses what it cannot build, and names all that is missing', async () => {
    const checkpoint = await checkpointOf('resnet-torchvision');
    expect(() => chooseArchitecture(without(checkpoint, /^bn1\./), [resnetArchitecture])).toThrowError(
      RangeError,
      /^chooseArchitecture: checkpoint must have the keys of resnet \(layer1.*\), got conv1.weight, .* tensors\)$/,
    );
    expect(() => chooseArchitecture(checkpoint, [resnetArchitecture], 'vgg')).toThrowError(
      RangeError,
      'chooseArchitecture: name must be one of resnet, got vgg',
    );
    const twice = [resnetArchitecture, { ...resnetArchitecture, name: 'other' }];
    expect(() => chooseArchitecture(checkpoint, twice)).toThrowError(
      RangeError,
      /name must be given .* got resnet \(.*\); other \(/,
    );
    expect(chooseArchitecture(checkpoint, twice, 'other').architecture).toBe(twice[1]);
    await expectAsync(
      resnetArchitecture.build(without(checkpoint, /^layer(1\.0\.bn2|3\.0\.bn1)\./)),
    ).toBeRejectedWithError(RangeError, /map must have paths of .*, got layer1\.0\.bn2, layer3\.0\.bn1$/);
  });
});
