import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { withFloat16Weights, writeSafetensors, type SafetensorsTensor } from '@tfjs-sparse/core';
import { describeFile } from './file-description.js';
import type { GaussianMixture } from './gaussian-mixture.js';
import { readManifest, type PackFile, type PackManifest } from './manifest.js';

export interface PackContents {
  /** All that manifest.json says besides its files. */
  readonly manifest: Omit<PackManifest, 'formatVersion' | 'files'>;
  /** Of `savedModel`. */
  readonly model: io.ModelArtifacts;
  /** Inputs and outputs that conformance compares; absent only in tests of what is around a model. */
  readonly golden?: PackGolden;
  /** Present where `manifest.novelty` is. */
  readonly novelty?: GaussianMixture;
}

/**
 * A golden's cases: `<case>/in_coords` int32 `[sites, 1 + rank]`, `<case>/in_features` and the model's outputs by name, or
 * for models on dense tensors `in_<input>` and the outputs. One case needs no `<case>/`.
 */
export interface PackGolden {
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  /** How the outputs were made, without this project's kernels. */
  readonly source: string;
}

/**
 * Writes a pack that `loadPack` opens: model, weights, golden, mixture, and the manifest with their sizes and hashes. The
 * files of an earlier pack are replaced once all are written, the manifest last.
 * The same contents give the same bytes.
 *
 * @returns the manifest
 * @throws RangeError or TypeError for a manifest that `loadPack` would refuse, before anything is written
 */
export async function writePack(folder: string, pack: PackContents): Promise<PackManifest> {
  const contents = filesOf(pack);
  const files: PackFile[] = [];
  for (const { role, path, bytes } of contents) files.push({ ...(await describeFile(path, bytes)), role });
  const { novelty, plugins, ...described } = pack.manifest;
  const manifest = { formatVersion: 1, ...described, ...(novelty && { novelty }), files, plugins };
  const checked = readManifest(JSON.parse(JSON.stringify(manifest)), 'writePack');
  mkdirSync(folder, { recursive: true });
  const json = { path: 'manifest.json', bytes: text(`${JSON.stringify(manifest, null, 2)}\n`) };
  const all = [...contents, json];
  for (const { path, bytes } of all) writeFileSync(join(folder, `${path}.part`), bytes);
  for (const { path } of all) renameSync(join(folder, `${path}.part`), join(folder, path));
  return checked;
}

/** The model as its pack holds it, for `writePack` and to be measured as its users get it. */
export async function savedModel(
  model: LayersModel,
  weightType: 'float16' | 'float32' = 'float16',
): Promise<io.ModelArtifacts> {
  let artifacts: io.ModelArtifacts = {};
  await model.save(
    io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(saved) };
    }),
  );
  return weightType === 'float16' ? withFloat16Weights(artifacts) : artifacts;
}

interface Contents {
  readonly role: PackFile['role'];
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const shard = 'weights.bin';

/** What `tf.loadLayersModel` reads: model.json and one shard of weights; then the rest. */
function filesOf({ model, golden, novelty }: PackContents): Contents[] {
  const json = {
    format: 'layers-model',
    generatedBy: 'tfjs-sparse',
    convertedBy: null,
    modelTopology: model.modelTopology,
    weightsManifest: [{ paths: [shard], weights: model.weightSpecs }],
  };
  const files: Contents[] = [
    { role: 'model', path: 'model.json', bytes: text(`${JSON.stringify(json)}\n`) },
    { role: 'weights', path: shard, bytes: new Uint8Array(io.CompositeArrayBuffer.join(model.weightData)) },
  ];
  if (novelty) files.push({ role: 'novelty', path: 'novelty.json', bytes: text(`${JSON.stringify(novelty)}\n`) });
  if (golden) {
    const bytes = writeSafetensors(golden.tensors, [['source', golden.source]]) as Uint8Array<ArrayBuffer>;
    files.push({ role: 'golden', path: 'golden.safetensors', bytes });
  }
  return files;
}

function text(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(value) as Uint8Array<ArrayBuffer>;
}
