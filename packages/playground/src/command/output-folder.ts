import { mkdir, mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { systemReason } from './system-reason.js';

/** Makes the folder for results, where it is not there, and tries it: nothing shall be computed that cannot be written. */
export async function openOutputFolder(path: string): Promise<void> {
  try {
    await makeFolder(resolve(path));
    await rmdir(await mkdtemp(join(path, '.try-')));
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const got = `${path} (${systemReason(error)})`;
    throw new RangeError(`start: --output must be a folder that can be written, got ${got}`, { cause: error });
  }
}

/** One folder at a time: what Node does by itself never ends below /proc. */
async function makeFolder(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found?.isDirectory()) return;
  if (found) throw new RangeError(`start: --output must be a folder, got the file ${path}`);
  await makeFolder(dirname(path));
  await mkdir(path);
}
