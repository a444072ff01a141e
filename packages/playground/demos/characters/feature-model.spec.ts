import { memory, tensor } from '@tensorflow/tfjs-core';
import { input, model, sequential, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { writeSafetensors, type SafetensorsTensor } from '@tfjs-sparse/core';
import type { Pack } from '@tfjs-sparse/packs';
import { ShakespeareSae } from '@tfjs-sparse/shakespeare-sae';
import { alphabet, Shakespeare } from '@tfjs-sparse/shakespeare-topk';
import { CharacterEmbedding, CharacterScores, LayerNorm } from '@tfjs-sparse/shakespeare-topk/layers';
import { SparseAutoencoder } from '@tfjs-sparse/topk/layers';
import { FeatureModel } from './feature-model.js';
import type { OpenedSae, Reading, ScannedPart, Times, Writing, Written } from './tasks.js';
import { TopExamples } from './top-examples.js';

describe('FeatureModel', () => {
  const [width, features, k] = [8, 24, 3];
  const text = 'Good morrow, cousin.\n';
  let made: FeatureModel;
  let tensorsBefore: number;
  beforeEach(async () => {
    const saes = { topk: sae(), batchtopk: sae() };
    made = new FeatureModel(new Shakespeare(packOf(network())), saes);
    await made.run({ task: 'read', name: '', text, kind: 'topk' });
    tensorsBefore = memory().numTensors;
  });
  afterEach(() => expect(memory().numTensors).withContext('tensors').toBe(tensorsBefore));

  it('reads the features of each character, the strongest first', async () => {
    const reading = (await made.run({ task: 'read', name: '', text: `${text}é`, kind: 'topk' })) as Reading;
    expect([reading.text, reading.unknown]).toEqual([`${text} `, ['é']]);
    expect(reading.starts.length).toBe(reading.text.length + 1);
    for (let i = 1; i < reading.starts.length; i++) {
      const values = [...reading.values.subarray(reading.starts[i - 1], reading.starts[i])];
      expect(values.length).toBeLessThanOrEqual(k);
      expect(values).toEqual([...values].sort((a, b) => b - a));
    }
    expect(reading.quality.activeFeatures).toBeCloseTo(reading.values.length / reading.text.length, 4);
    await expectAsync(made.run({ task: 'read', name: '', text: '', kind: 'topk' })).toBeRejectedWithError(
      'a text must have a character, got none',
    );
  });

  it('reads the beginning of a text that is too long for the memory', async () => {
    const reading = (await made.run({ task: 'read', name: '', text: 'a'.repeat(100_007), kind: 'topk' })) as Reading;
    expect([reading.text.length, reading.omittedCount]).toEqual([100_000, 7]);
  });

  it('has no share of the variance of one character', async () => {
    const { quality } = (await made.run({ task: 'read', name: '', text: 'a', kind: 'topk' })) as Reading;
    expect(quality.varianceUnexplained).toBeNull();
  });

  it('finds the examples that it reads', async () => {
    const reading = (await made.run({ task: 'read', name: '', text, kind: 'topk' })) as Reading;
    const part = { task: 'scan', name: '', text, start: 100, kind: 'topk' } as const;
    const { examples } = (await made.run(part)) as ScannedPart;
    const strongest = reading.values.indexOf(Math.max(...reading.values));
    const [{ place, value }] = TopExamples.of(examples).examplesOf(reading.features[strongest]);
    expect(value).toBe(reading.values[strongest]);
    expect(reading.starts[place - 100 + 1]).toBeGreaterThan(strongest);
  });

  it('writes another text where a feature is turned up, the same where it is turned up by nothing', async () => {
    const write = async (steering: Writing['steering']) => {
      const fixed = {
        task: 'write',
        name: '',
        prompt: 'A',
        length: 40,
        temperature: 0.8,
        seed: 3,
        kind: 'topk',
      } as const;
      return ((await made.run({ ...fixed, steering })) as Written).text;
    };
    const plain = await write(null);
    expect(plain.length).toBe(40);
    expect(await write({ feature: 5, amount: 0 })).toBe(plain);
    expect(await write({ feature: 5, amount: 50 })).not.toBe(plain);
  });

  it('measures times', async () => {
    const times = (await made.run({ task: 'time', name: '', text, kind: 'batchtopk' })) as Times;
    expect([times.characters, times.features, times.width, times.k]).toEqual([text.length, features, width, k]);
    for (const { dense, sparse } of [times.encode, times.decode]) expect(dense * sparse).toBeGreaterThanOrEqual(0);
  });

  it('describes autoencoders of other libraries, and measures those of its width', async () => {
    const open = async (size: number, config: Record<string, unknown>) => {
      const contents = ofSparsify(size);
      return (await made.run({ task: 'open', name: '', contents, config, text })) as OpenedSae;
    };
    const { library, quality } = (await open(width, { k: 2 })).sae;
    expect(library).toBe('sparsify');
    expect(quality!.activeFeatures).toBeLessThanOrEqual(2);
    const { sae: wide } = await open(width + 1, { k: 2 });
    expect([wide.width, wide.networkWidth, wide.quality]).toEqual([width + 1, width, null]);
  });

  it('says what is wrong with an autoencoder, and asks for a cfg.json only where that is missing', async () => {
    const open = (contents: Uint8Array<ArrayBuffer>, config = {}) =>
      made.run({ task: 'open', name: '', contents, config, text });
    await expectAsync(open(ofSparsify(width))).toBeRejectedWithError(
      /^config.k must be given .*, got none; its cfg.json may be missing: add it$/,
    );
    await expectAsync(open(ofSparsify(width), { activation: 'topk' })).toBeRejectedWithError(/^config.k .*, got none$/);
    await expectAsync(open(new Uint8Array(9).fill(65))).toBeRejectedWithError(
      'an autoencoder must be a whole .safetensors file, got other data or a part of one',
    );
    await expectAsync(made.run({ task: 'configure', name: '', config: {} })).toBeRejectedWithError(
      /^the configuration of an autoencoder must come with it, as --sae-config JSON/,
    );
  });

  /** Without blocks of its own kind: two norms behind which a residual stream lies. */
  function network(): LayersModel {
    const x = input({ shape: [null], name: 'characters' });
    const layers = [
      new CharacterEmbedding({ name: 'embedding', characters: alphabet.length, places: 16, width }),
      new LayerNorm({ name: 'block0' }),
      new LayerNorm({ name: 'block1' }),
      new LayerNorm({ name: 'norm' }),
      new CharacterScores({ name: 'scores', characters: alphabet.length }),
    ];
    const outputs = layers.reduce((y, layer) => layer.apply(y) as SymbolicTensor, x);
    const built = model({ inputs: x, outputs });
    for (const weight of built.trainableWeights) weight.write(drawn(weight.shape as number[]));
    return built;
  }

  function sae(): ShakespeareSae {
    const args = { activation: 'topK', k, normalization: 'layerNorm', unitNorm: true, inputShape: [width] } as const;
    return new ShakespeareSae(
      packOf(
        sequential({
          layers: [new SparseAutoencoder({ ...args, inputShape: [width], name: 'autoencoder', features })],
        }),
      ),
    );
  }
});

function packOf(built: LayersModel): Pack {
  const manifest = { files: [{ role: 'weights', sha256: 'ab' }] };
  return { model: built, manifest, dispose: () => built.dispose() } as object as Pack;
}

/** Waves, the same for the same shape. */
function waves(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => Math.sin(1 + i * i));
}

function drawn(shape: number[]) {
  return tensor(waves(shape.reduce((product, side) => product * side, 1)), shape);
}

function ofSparsify(width: number): Uint8Array<ArrayBuffer> {
  const of = (...shape: number[]): SafetensorsTensor => {
    return { dtype: 'F32', shape, values: waves(shape.reduce((product, side) => product * side)) };
  };
  const tensors = { 'encoder.weight': of(10, width), 'encoder.bias': of(10), W_dec: of(10, width), b_dec: of(width) };
  return new Uint8Array(writeSafetensors(new Map(Object.entries(tensors))));
}
