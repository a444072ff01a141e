import { readFile } from 'node:fs/promises';

/** What `read` makes of the contents of a file. @throws an error that begins with the path */
export async function readInput<T>(
  path: string,
  read: (contents: Uint8Array<ArrayBuffer>) => T | Promise<T>,
): Promise<T> {
  const contents = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const rule = '--input must be a file that can be read';
    throw new RangeError(`start: ${rule}, got ${path} (${error.code ?? error.message})`, { cause: error });
  });
  try {
    return await read(new Uint8Array(contents));
  } catch (error) {
    throw new RangeError(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
