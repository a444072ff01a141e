import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { InputFile, Item, OptionValues } from '../demo.js';
import type { FoundDemo } from '../site/find-demos.js';

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
  const outcomes = await Promise.allSettled(paths.map((path) => readInput(path, demos, options)));
  return {
    inputs: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    problems: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [messageOf(outcome.reason)] : [])),
  };
}

async function readInput(path: string, demos: readonly FoundDemo[], options: OptionValues): Promise<ReadInput> {
  const file = { name: basename(path), contents: await contentsOf(path) };
  const found = await demoFor(file, demos);
  try {
    return { found, file, items: await found.demo.read(file, options) };
  } catch (error) {
    throw new RangeError(`${path}: ${messageOf(error)}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function contentsOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const contents = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const rule = '--input must be a file that can be read';
    throw new RangeError(`start: ${rule}, got ${path} (${error.code ?? error.message})`, { cause: error });
  });
  return new Uint8Array(contents);
}

/** The first that surely fits, else the first that may. */
async function demoFor(file: InputFile, demos: readonly FoundDemo[]): Promise<FoundDemo> {
  const fits = await Promise.all(demos.map(({ demo }) => demo.fit(file)));
  const best = (['surely', 'perhaps'] as const).map((fit) => fits.indexOf(fit)).find((index) => index >= 0);
  if (best === undefined) {
    const names = demos.map(({ name }) => name).join(', ');
    throw new RangeError(`start: --input must be a file for ${names}, got ${file.name}`);
  }
  return demos[best];
}
