import { readFile } from 'node:fs/promises';
import type { InputFile, Item, OptionValues } from '../demo.js';
import { plainMessage } from '../plain-message.js';
import type { FoundDemo } from '../site/find-demos.js';
import { fileNames } from './file-names.js';
import { systemReason } from './system-reason.js';

/** A file, the demo that reads it, and what is in it. */
export interface ReadInput {
  readonly found: FoundDemo;
  readonly file: InputFile;
  readonly items: readonly Item[];
}

export interface ReadInputs {
  readonly inputs: readonly ReadInput[];
  /** A line for every file that cannot be read, with its path. */
  readonly problems: readonly string[];
}

/** Reads files, each by the demo that it fits best. */
export async function readInputs(
  paths: readonly string[],
  demos: readonly FoundDemo[],
  options: OptionValues,
): Promise<ReadInputs> {
  const names = fileNames(paths);
  const outcomes = await Promise.allSettled(paths.map((path, i) => readInput(path, names[i], demos, options)));
  return {
    inputs: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    problems: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [plainMessage(outcome.reason)] : [])),
  };
}

async function readInput(
  path: string,
  name: string,
  demos: readonly FoundDemo[],
  options: OptionValues,
): Promise<ReadInput> {
  const file = { name, contents: await contentsOf(path) };
  if (file.contents.length === 0) throw new RangeError(`${path}: a file must not be empty, got 0 bytes`);
  const found = await demoFor(path, file, demos);
  try {
    return { found, file, items: await found.demo.read(file, options, 'command line') };
  } catch (error) {
    throw new RangeError(`${path}: ${plainMessage(error)}`, { cause: error });
  }
}

async function contentsOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const contents = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const rule = '--input must be a file that can be read';
    throw new RangeError(`start: ${rule}, got ${path} (${systemReason(error)})`, { cause: error });
  });
  return new Uint8Array(contents);
}

/** The first that surely fits, else the first that may. A demo alone was asked for: it says itself what it does not take. */
async function demoFor(path: string, file: InputFile, demos: readonly FoundDemo[]): Promise<FoundDemo> {
  if (demos.length === 1) return demos[0];
  const fits = await Promise.all(demos.map(({ demo }) => demo.fit(file)));
  const best = (['surely', 'perhaps'] as const).map((fit) => fits.indexOf(fit)).find((index) => index >= 0);
  if (best === undefined) {
    const takers = demos.map(({ name, demo }) => `${name} (${demo.about.filesHint})`).join(', ');
    throw new RangeError(`start: --input must be a file for ${takers}, got ${path}`);
  }
  return demos[best];
}
