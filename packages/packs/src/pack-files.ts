import { ready } from '@tensorflow/tfjs-core';
import { requireOptions } from '@tfjs-sparse/core';
import { readManifest, type PackManifest } from './manifest.js';
import { browserCache, type PackCache } from './pack-cache.js';
import { openFolder } from './pack-folder.js';
import { readFile, readFiles, type PackProgress } from './read-files.js';
import { parseJson } from './schema.js';

export interface LoadPackOptions {
  readonly onProgress?: (progress: PackProgress) => void;
  /** Keeps verified files by their sha256; default the browser's Cache API where there is one, null for none. */
  readonly cache?: PackCache | null;
  /** Gets the files of http(s) packs; default the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** Aborts the download; `loadPack` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Names of those options, for functions that have some of their own beside them. */
export const packOptions = ['onProgress', 'cache', 'fetch', 'signal'] as const satisfies (keyof LoadPackOptions)[];

/** Reads a pack's manifest, gets and verifies all its files, and waits for tfjs' backend. */
export async function packFiles(
  op: string,
  source: string | URL,
  options: LoadPackOptions,
): Promise<{ manifest: PackManifest; files: ReadonlyMap<string, ArrayBuffer> }> {
  requireOptions(op, options, packOptions);
  const { onProgress, signal } = options;
  signal?.throwIfAborted();
  const folder = openFolder(source, options.fetch ?? ((input, init) => fetch(input, init)));
  const manifestBytes = await readFile(folder, manifestPath, maxManifestBytes, signal);
  const manifest = readManifest(parseJson(manifestBytes, { op, path: manifestPath }), op);
  const cache = options.cache === undefined ? await browserCache() : options.cache;
  const files = await readFiles(folder, manifest.files, { cache, onProgress, signal });
  signal?.throwIfAborted();
  await ready();
  return { manifest, files };
}

const manifestPath = 'manifest.json';
const maxManifestBytes = 1_000_000; // a manifest is a page of text
