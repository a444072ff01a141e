import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** What the server answers to a path. */
export interface Served {
  readonly type: string;
  readonly contents: Uint8Array;
}

const types: Readonly<Record<string, string>> = {
  '.bin': 'application/octet-stream',
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.safetensors': 'application/octet-stream',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

/**
 * A file of one of the folders, or null.
 *
 * @param folders by the prefix of the paths that lead into them; of several, the longest counts
 */
export function findFile(folders: Readonly<Record<string, string>>, path: string): Served | null {
  const [prefix] = Object.keys(folders)
    .filter((start) => path.startsWith(start))
    .sort((a, b) => b.length - a.length);
  if (!prefix) return null;
  const name = path.slice(prefix.length);
  const type = types[extname(name)];
  const isPlain = /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/.test(name); // no '..', nothing hidden
  return isPlain && type ? readServed(join(folders[prefix], name), type) : null;
}

/** @returns null when there is no such file */
export function readServed(file: string, type = types[extname(file)]): Served | null {
  try {
    return { type, contents: readFileSync(file) };
  } catch {
    return null;
  }
}
