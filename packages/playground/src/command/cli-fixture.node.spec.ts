import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeUntrainedPack } from './untrained-pack.js';

const cli = fileURLToPath(new URL('cli.js', import.meta.url));

export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** The command line in a process of its own, and a folder for its files with an untrained pack in `pack`. */
export function describeCli() {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playground-'));
    await writeUntrainedPack(join(folder, 'pack'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const start = (...args: string[]) =>
    new Promise<Ended>((resolve) => {
      const child = execFile(process.execPath, [cli, ...args], (_, output, errors) =>
        resolve({ code: child.exitCode ?? -1, output, errors }),
      );
    });
  return {
    folder: () => folder,
    start,
    /** With the untrained pack for wafers. */
    run: (...args: string[]) => start('--pack', join(folder, 'pack'), ...args),
    async write(name: string, contents: Uint8Array | string) {
      await writeFile(join(folder, name), contents);
      return join(folder, name);
    },
    inputsOf: (paths: readonly string[]) => paths.flatMap((path) => ['--input', path]),
  };
}
