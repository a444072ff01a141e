import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { FormatError } from '../format-error.js';

const shardBytes = 4 * 2 ** 20; // as tfjs' own converter has it, which browsers cache

/** Writes model.json and its weights; the folder appears whole, or not at all. */
export async function writeModelFolder(folder: string, artifacts: io.ModelArtifacts): Promise<void> {
  const { weightData, weightSpecs = [], ...rest } = artifacts;
  const all = new Uint8Array(io.CompositeArrayBuffer.join(weightData));
  const count = Math.max(1, Math.ceil(all.length / shardBytes));
  const paths = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
  const json = { ...rest, generatedBy: 'tfjs-sparse', weightsManifest: [{ paths, weights: weightSpecs }] };
  const part = join(dirname(folder), `.${basename(folder)}.part-${process.pid}`);
  await mkdir(part, { recursive: true });
  try {
    await writeFile(join(part, 'model.json'), `${JSON.stringify(json)}\n`);
    for (const [i, path] of paths.entries()) {
      await writeFile(join(part, path), all.subarray(i * shardBytes, (i + 1) * shardBytes));
    }
    await rename(part, folder);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** @throws FormatError where something is there already */
export async function requireFree(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found) throw new FormatError(`convert: ${folder} must not be there yet, got a ${found.isDirectory() ? 'folder' : 'file'}`); // prettier-ignore
}

/** A model.json and the files of weights that it names. */
export async function readModelFolder(folder: string): Promise<io.ModelArtifacts> {
  const json = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as io.ModelJSON;
  return io.getModelArtifactsForJSON(json, async (manifest) => {
    const files = await Promise.all(
      manifest.flatMap(({ paths }) => paths).map((path) => readFile(join(folder, basename(path)))),
    );
    return [manifest.flatMap(({ weights }) => weights), new Uint8Array(Buffer.concat(files)).buffer];
  });
}
