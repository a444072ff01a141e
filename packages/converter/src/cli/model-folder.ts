import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { FormatError } from '../format-error.js';

const shardBytes = 4 * 2 ** 20; // as tfjs' own converter has it, which browsers cache

/** Writes model.json and its weights; the folder appears whole, or not at all. */
export async function writeModelFolder(folder: string, artifacts: io.ModelArtifacts): Promise<void> {
  const { weightData = [], weightSpecs = [], ...rest } = artifacts;
  const buffers = [weightData].flat();
  const total = buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const count = Math.max(1, Math.ceil(total / shardBytes));
  const paths = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
  const json = { ...rest, generatedBy: 'tfjs-sparse', weightsManifest: [{ paths, weights: weightSpecs }] };
  const part = join(dirname(folder), `.${basename(folder)}.part-${process.pid}`);
  await mkdir(part, { recursive: true });
  try {
    await writeFile(join(part, 'model.json'), `${JSON.stringify(json)}\n`);
    await writeShards(paths.map((path) => join(part, path)), buffers); // prettier-ignore
    await rename(part, folder);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** One buffer after the other, cut where a shard is full. */
async function writeShards(paths: readonly string[], buffers: readonly ArrayBuffer[]): Promise<void> {
  let [shard, filled] = [0, 0];
  let file = await open(paths[0], 'w');
  try {
    for (const buffer of buffers) {
      for (let start = 0; start < buffer.byteLength;) {
        if (filled === shardBytes) {
          await file.close();
          file = await open(paths[++shard], 'w');
          filled = 0;
        }
        const length = Math.min(shardBytes - filled, buffer.byteLength - start);
        await file.writeFile(new Uint8Array(buffer, start, length));
        [filled, start] = [filled + length, start + length];
      }
    }
  } finally {
    await file.close();
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
