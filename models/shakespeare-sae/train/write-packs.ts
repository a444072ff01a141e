import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { PackManifest } from '@tfjs-sparse/packs';
import { savedModel, writePack, type PackGolden } from '@tfjs-sparse/packs/write-pack';
import { loadShakespeareSae, residualBlock, type SaeKind } from '@tfjs-sparse/shakespeare-sae';
import type { Shakespeare } from '@tfjs-sparse/shakespeare-topk';
import { evenlyChosenFeatures } from './examples.js';
import { measure, type SaeMeasures } from './measure.js';
import { modelCard } from './model-card.js';
import type { Recipe } from './recipe.js';
import { referenceReconstruction } from './reference-reconstruction.js';

const version = '1.0.0';
const measuredWindows = 128;
const chosenFeatures = 10;
const goldenText = 'KATE:\nThe kettle sings; good morrow, friends, and sit!\n'; // not of the data
const goldenRows = 16;

/** Writes one autoencoder's pack and measures what was written. */
export async function writePacks(
  folder: string,
  models: Readonly<Record<SaeKind, tf.LayersModel>>,
  shakespeare: Shakespeare,
  test: Int32Array,
  recipe: Recipe,
): Promise<void> {
  const folders: Record<SaeKind, string> = { topk: folder, batchtopk: join(folder, 'batchtopk') };
  const measured = {} as Record<SaeKind, SaeMeasures & Pick<PackManifest, 'files'>>;
  for (const kind of ['topk', 'batchtopk'] as const) {
    forgetCounts(models[kind]);
    const artifacts = await savedModel(models[kind]);
    const manifest = manifestOf(kind, shakespeare.width, recipe);
    const shipped = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
    const golden = await goldenOf(kind, shipped, shakespeare, recipe);
    shipped.dispose();
    const { files } = await writePack(folders[kind], { manifest, model: artifacts, golden });
    const sae = await loadShakespeareSae({ source: folders[kind] });
    measured[kind] = { ...(await measure(sae, shakespeare, test, measuredWindows)), files };
    sae.dispose();
  }
  const examples = evenlyChosenFeatures(measured.topk.activations, recipe.features, test, chosenFeatures);
  const template = readFileSync(join(folder, 'train/card.md'), 'utf8');
  writeFileSync(join(folder, 'README.md'), modelCard(measured, examples, recipe, template));
}

/** For how long each feature was silent matters to further training alone, and float16 does not hold it. */
function forgetCounts(model: tf.LayersModel): void {
  const counts = model.weights.find(({ originalName }) => originalName.endsWith('/tokensSinceFired'))!;
  tf.tidy(() => void counts.write(tf.zerosLike(counts.read())));
}

function manifestOf(kind: SaeKind, width: number, { features, k }: Recipe) {
  const choice =
    kind === 'topk' ? `the ${k} greatest of a character` : `those above a threshold, about ${k} of a character`;
  return {
    name: kind === 'topk' ? 'shakespeare-sae' : 'shakespeare-sae-batchtopk',
    version,
    task: 'features of a residual stream',
    description: `A sparse autoencoder of ${features} features (${choice}) on the residual stream behind block ${residualBlock} of shakespeare-topk.`,
    input: { residual: `float32 [characters, ${width}]: Shakespeare.activations(text, ${residualBlock})` },
    outputs: [{ name: 'reconstruction', shape: [null, width] }],
    labels: [], // the outputs are columns of a residual stream; nobody named the features
    licence: 'Apache-2.0; training data: public domain',
    citations: [
      'L. Gao et al., "Scaling and evaluating sparse autoencoders," 2024.',
      'B. Bussmann et al., "BatchTopK Sparse Autoencoders," 2024.',
    ],
    trainingData: 'residual streams of shakespeare-topk on tinyshakespeare',
    quality: {},
    plugins: ['@tfjs-sparse/topk'],
  };
}

/** Rows of a text that is not of the data, and what float64 makes of them. */
async function goldenOf(
  kind: SaeKind,
  model: tf.LayersModel,
  shakespeare: Shakespeare,
  { k }: Recipe,
): Promise<PackGolden> {
  const residual = shakespeare.activations(goldenText, residualBlock);
  const rows = (await residual.array()).slice(0, goldenRows);
  residual.dispose();
  const made = rows.map((row) => referenceReconstruction(kind, model, row, k));
  const [width] = [rows[0].length];
  return {
    tensors: new Map([
      ['in_residual', { dtype: 'F32', shape: [rows.length, width], values: Float32Array.from(rows.flat()) }],
      ['reconstruction', { dtype: 'F32', shape: [rows.length, width], values: Float32Array.from(made.flat()) }],
    ]),
    source: 'plain loops in float64 with the weights of the pack',
  };
}
