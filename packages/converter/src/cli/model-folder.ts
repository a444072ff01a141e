import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { modelFiles } from '../conversion/model-files.js';
import { FormatError } from '../format-error.js';

const filesAtOnce = 4; // writing waits for the disk more than for the processor

/** Writes model.json and its weights; the folder appears whole, or not at all. */
export async function writeModelFolder(folder: string, artifacts: io.ModelArtifacts): Promise<void> {
  const part = join(dirname(folder), `.${basename(folder)}.part-${process.pid}`);
  await mkdir(part, { recursive: true });
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
