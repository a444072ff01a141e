import * as tf from '@tensorflow/tfjs';
import { changedScores, residualStream, Shakespeare } from '@tfjs-sparse/shakespeare-topk';
import { architecture } from './architecture.js';
import { buildNetwork } from './network.js';
import { referenceScores } from './reference-scores.js';

const small = { ...architecture, blocks: 3, width: 16, heads: 2, hiddenUnits: 24, k: 5, context: 12, window: 3 };

describe('the character transformer', () => {
  const indices = [20, 3, 41, 41, 7, 0, 64, 12];
  const x = () => tf.tensor2d([indices], undefined, 'int32');

  for (const kind of ['topk', 'dense', 'window'] as const) {
    it(`is what the plain loops say: ${kind}`, async () => {
      const network = buildNetwork(kind, small, 5);
      const scores = network.predict(x()) as tf.Tensor;
      const wanted = referenceScores(kind, small, network, indices).flat();
      const errors = (await scores.data()).map((value, i) => Math.abs(value - wanted[i]));
      expect(scores.shape).toEqual([1, indices.length, 65]);
      expect(Math.max(...errors)).toBeLessThan(1e-5); // float32 sums in another order
      network.dispose();
    });

    it(`is the same after save and load: ${kind}`, async () => {
      const before = tf.memory().numTensors;
      const network = buildNetwork(kind, small, 5);
      let saved: tf.io.ModelArtifacts | undefined;
      await network.save(
        tf.io.withSaveHandler(async (artifacts) => ((saved = artifacts), { modelArtifactsInfo: null! })),
      );
      const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
      const input = x();
      const [y, again] = [network, loaded].map((each) => each.predict(input) as tf.Tensor);
      expect(await again.data()).toEqual(await y.data());
      tf.dispose([input, y, again]);
      for (const each of [network, loaded]) each.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  }

  it('begins with the same weights of both kinds', async () => {
    const [topk, dense] = (['topk', 'dense'] as const).map((kind) => buildNetwork(kind, small, 5).getWeights());
    expect(topk.length).toBe(dense.length);
    for (const [i, weight] of topk.entries()) expect(await weight.data()).toEqual(await dense[i].data());
  });

  it('has a residual stream that can be read and changed', async () => {
    const network = buildNetwork('topk', small, 5);
    const scores = network.predict(x()) as tf.Tensor;
    const same = changedScores(network, x(), 1, (residual) => residual);
    expect(await same.data()).toEqual(await scores.data());
    const residual = residualStream(network, x(), 1);
    const other = changedScores(network, x(), 1, (stream) => tf.mul(stream, -1));
    expect(residual.shape).toEqual([1, indices.length, small.width]);
    expect(await other.data()).not.toEqual(await scores.data());
    expect(() => residualStream(network, x(), 3)).toThrowError(
      RangeError,
      'residualStream: block must be an integer from 0 to 2, got 3',
    );
  });
});

describe('Shakespeare', () => {
  const open = () => {
    const model = buildNetwork('topk', small, 5);
    const pack = { model, dispose: () => model.dispose() } as object as ConstructorParameters<typeof Shakespeare>[0];
    return new Shakespeare(pack);
  };

  it('writes the same text of the same seed, beyond its context', async () => {
    const before = tf.memory().numTensors;
    const shakespeare = open();
    const { context, width, blocks } = shakespeare;
    expect([context, width, blocks]).toEqual([12, 16, 3]);
    const options = { length: 20, temperature: 1, seed: 4 };
    const seen: string[] = [];
    const onCharacter = (character: string) => seen.push(character);
    const text = await shakespeare.generate('Who', { ...options, onCharacter });
    expect(text.length).toBe(20);
    expect(seen.join('')).toBe(text);
    expect(await shakespeare.generate('Who', options)).toBe(text);
    expect(await shakespeare.generate('Who', { ...options, seed: 5 })).not.toBe(text);
    shakespeare.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is steered by a vector or a function', async () => {
    const shakespeare = open();
    const options = { length: 12, temperature: 0 };
    const plain = await shakespeare.generate('Who', options);
    const delta = Float32Array.from({ length: 16 }, (_, i) => 20 * Math.sin(i));
    const steered = await shakespeare.generate('Who', { ...options, steer: { block: 1, delta } });
    expect(steered).not.toBe(plain);
    const asFunction = (residual: tf.Tensor2D) => tf.add(tf.zerosLike(residual), tf.tensor1d(delta)) as tf.Tensor2D;
    expect(await shakespeare.generate('Who', { ...options, steer: { block: 1, delta: asFunction } })).toBe(steered);
    expect(await shakespeare.generate('Who', { ...options, steer: { block: 1, delta: new Float32Array(16) } })).toBe(
      plain,
    );
  });

  it('gives activations of texts longer than its context, part by part', async () => {
    const shakespeare = open();
    const text = 'Now is the winter of';
    const all = shakespeare.activations(text, 0);
    expect(all.shape).toEqual([20, 16]);
    const parts = [text.slice(0, 12), text.slice(12)].map((part) => shakespeare.activations(part, 0));
    expect(await all.data()).toEqual(await tf.concat(parts).data());
  });

  it('refuses what it cannot do', async () => {
    const shakespeare = open();
    const refusals: [Promise<string>, string][] = [
      [shakespeare.generate('Hé'), 'characterIndices: every character must be one of the alphabet, got "é"'],
      [shakespeare.generate('', { length: -1 }), 'generate: length must be an integer from 0, got -1'],
      [shakespeare.generate('', { temperature: NaN }), 'generate: temperature must be at least 0, got NaN'],
      [shakespeare.generate('', { steer: { block: 1, delta: [1] } }), 'generate: delta must have 16 numbers, got 1'],
      [
        shakespeare.generate('', { steer: { block: -1, delta: [1] } }),
        'generate: block must be an integer from 0 to 2, got -1',
      ],
    ];
    for (const [text, message] of refusals) await expectAsync(text).toBeRejectedWithError(RangeError, message);
    expect(() => shakespeare.activations('', 0)).toThrowError('activations: text must have a character, got none');
  });
});
