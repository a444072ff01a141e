import { ready } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { readManifest, type PackManifest } from './manifest.js';
import { loadModel } from './load-model.js';
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

/** A pack whose files are all here and verified. */
export interface Pack {
  readonly manifest: PackManifest;
  readonly model: LayersModel;
  /** Contents of every file that the manifest lists, by path. */
  readonly files: ReadonlyMap<string, ArrayBuffer>;
  /** Frees the model's weights. */
  dispose(): void;
}

/**
 * Opens a model pack: reads its manifest, gets and verifies every file, waits for tfjs' backend, builds the model. The
 * model's layer classes must
 * be registered before, by importing the layers of the plugins that the manifest lists.
 *
 * @param source URL of the pack's folder, or in Node its path
 * @throws what is wrong and what to do about it; nothing stays half-loaded
 */
export async function loadPack(source: string | URL, options: LoadPackOptions = {}): Promise<Pack> {
  const { onProgress, signal } = options;
  signal?.throwIfAborted();
  const folder = openFolder(source, options.fetch ?? ((input, init) => fetch(input, init)));
  const manifestBytes = await readFile(folder, manifestPath, maxManifestBytes, signal);
  const manifest = readManifest(parseJson(manifestBytes, { op: 'loadPack', path: manifestPath }));
  const cache = options.cache === undefined ? await browserCache() : options.cache;
  const files = await readFiles(folder, manifest.files, { cache, onProgress, signal });
  signal?.throwIfAborted();
  await ready();
  const model = await loadModel(manifest, files);
  return { manifest, model, files, dispose: () => void model.dispose() };
}

const manifestPath = 'manifest.json';
const maxManifestBytes = 1_000_000; // a manifest is a page of text
