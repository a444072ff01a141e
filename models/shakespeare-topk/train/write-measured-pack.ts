import * as tf from '@tensorflow/tfjs';
import { alphabet, characterIndices } from '@tfjs-sparse/shakespeare-topk';
import { savedModel, writePack, type PackGolden } from '@tfjs-sparse/packs/write-pack';
import { activityOf, type Activity } from './activity.js';
import { architecture, longArchitecture, type Architecture } from './architecture.js';
import { bitsPerCharacter } from './loss.js';
import type { Kind } from './network.js';
import { referenceScores } from './reference-scores.js';
import type { Text } from './text.js';

/** What was measured of a pack as it is shipped. */
export interface PackMeasures {
  /** Bits per character. */
  readonly test: number;
  readonly validation: number;
  /** Of the network as it was trained, its weights in float32. */
  readonly testInFloat32: number;
  /** Of each block, on the test text. */
  readonly activity: readonly Activity[];
  readonly parameters: number;
  readonly modelBytes: number;
  readonly weightBytes: number;
}

const version = '1.0.0';
const descriptions = {
  topk: `A character transformer on Shakespeare whose MLPs keep ${architecture.k} of ${architecture.hiddenUnits} hidden units.`,
  dense: 'A character transformer on Shakespeare with dense ReLU MLPs: what the sparse one is compared with.',
  window: `A character transformer on Shakespeare whose characters see the last ${architecture.window} of ${longArchitecture.context}.`,
};
const blankNames: Readonly<Record<string, string>> = { '\n': 'newline', ' ': 'space' }; // labels must show something
const goldenTexts = [
  'KATE:\nThe kettle sings; good morrow, friends, and sit!\n',
  'ROWAN:\nNay, who hath left my lantern in the rain?\n\nKATE',
].map((text) => text.slice(0, 48));
/** Longer than a window. */
const longGoldenText =
  `${goldenTexts.join('')}:\nHe that would read it now must read by day, and he that comes by night must read by none.`.slice(
    0,
    168,
  );

/** Writes model, golden and manifest of a trained network into `folder`; measures what it wrote. */
export async function writeMeasuredPack(
  folder: string,
  network: tf.LayersModel,
  kind: keyof typeof descriptions,
  text: Text,
): Promise<PackMeasures> {
  const size = kind === 'window' ? longArchitecture : architecture;
  const { context } = size;
  const artifacts = await savedModel(network);
  const shipped = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  const bits = await bitsOf(shipped, text, context);
  const manifest = {
    name: `shakespeare-${kind}`,
    version,
    task: 'the next character of a text',
    description: descriptions[kind],
    input: {
      characters: `float32 [batch, length]: places in the alphabet, length 1 to ${context} (characterIndices)`,
    },
    outputs: [{ name: 'scores', shape: [null, null, alphabet.length] }],
    labels: [...alphabet].map((character) => blankNames[character] ?? character),
    licence: 'Apache-2.0; training data: public domain',
    citations: ['A. Karpathy, "The Unreasonable Effectiveness of Recurrent Neural Networks," 2015 (tinyshakespeare).'],
    trainingData: `tinyshakespeare, its first ${text.training.length} characters`,
    quality: { bitsPerCharacter: bits },
    plugins: [`@tfjs-sparse/${kind === 'window' ? 'window-attention' : 'topk'}`, '@tfjs-sparse/shakespeare-topk'],
  };
  const { files } = await writePack(folder, { manifest, model: artifacts, golden: golden(kind, size, shipped) });
  const [modelBytes, weightBytes] = files.map(({ bytes }) => bytes);
  const activity = await activityOf(kind, shipped, size, text.test);
  shipped.dispose();
  const testInFloat32 = await bitsPerCharacter(network, text.test, context);
  return { ...bits, testInFloat32, activity, parameters: network.countParams(), modelBytes, weightBytes };
}

/** Bits per character. */
export async function bitsOf(network: tf.LayersModel, text: Text, context: number) {
  return {
    test: await bitsPerCharacter(network, text.test, context),
    validation: await bitsPerCharacter(network, text.validation, context),
  };
}

/** Texts that are not of the data, and the scores of the same weights in float64. */
function golden(kind: Kind, size: Architecture, network: tf.LayersModel): PackGolden {
  const texts = (kind === 'window' ? [longGoldenText] : goldenTexts).map((text) => [...characterIndices(text)]);
  const scores = texts.map((indices) => referenceScores(kind, size, network, indices));
  const shape = [texts.length, texts[0].length];
  return {
    tensors: new Map([
      ['in_characters', { dtype: 'F32', shape, values: Float32Array.from(texts.flat()) }],
      ['scores', { dtype: 'F32', shape: [...shape, alphabet.length], values: Float32Array.from(scores.flat(2)) }],
    ]),
    source: 'plain loops in float64 with the weights of the pack',
  };
}
