import { mkdir, mkdtemp, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { modelFiles } from '../conversion/model-files.js';
import { FormatError, requireFormat } from '../format-error.js';
import { reasonOf } from './open-source.js';

const filesAtOnce = 4; // writing waits for the disk more than for the processor

/** Writes model.json and its weights; the folder appears whole, or not at all. */
export async function writeModelFolder(folder: string, artifacts: io.ModelArtifacts): Promise<void> {
  const part = join(dirname(folder), `.${basename(folder)}.part-${process.pid}`);
  await mkdir(part);
  try {
    const files = modelFiles(artifacts);
    const writeSome = async () => {
      for (const { name, bytes } of files) await writeFile(join(part, name), bytes);
    };
    await Promise.all(Array.from({ length: filesAtOnce }, writeSome));
    await rename(part, folder);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** Makes the folders above, and tries to write: nothing shall be computed that cannot be. @throws FormatError where something is there already */
export async function requireFree(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found) throw new FormatError(`convert: ${folder} must not be there yet, got a ${found.isDirectory() ? 'folder' : 'file'}`); // prettier-ignore
  try {
    await makeFolder(dirname(resolve(folder)));
    await rmdir(await mkdtemp(join(dirname(resolve(folder)), '.try-')));
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(`convert: ${folder} must be a folder that can be written, got ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** One folder at a time: what Node does by itself never ends below /proc. */
async function makeFolder(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  requireFormat(!found || found.isDirectory(), 'convert', `${path} must be a folder`, 'a file');
  if (found) return;
  await makeFolder(dirname(path));
  await mkdir(path);
}

/** A model.json and the files of weights that it names. */
export async function readModelFolder(folder: string): Promise<io.ModelArtifacts> {
  const path = join(folder, 'model.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new FormatError(`${path} must be a file that can be read, got ${reasonOf(error)}`, { cause: error });
  });
  const json = JSON.parse(text) as io.ModelJSON;
  return io.getModelArtifactsForJSON(json, async (manifest) => {
    const files = await Promise.all(
      manifest.flatMap(({ paths }) => paths).map((path) => readFile(join(folder, basename(path)))),
    );
    return [manifest.flatMap(({ weights }) => weights), new Uint8Array(Buffer.concat(files)).buffer];
  });
}
