import type { LayersModel } from '@tensorflow/tfjs-layers';
import { loadModel } from './load-model.js';
import type { PackManifest } from './manifest.js';
import { packFiles, type LoadPackOptions } from './pack-files.js';

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
 * model's layer classes must be registered before, by importing the layers of the plugins that the manifest lists.
 *
 * @param source URL of the pack's folder, or in Node its path
 * @throws what is wrong and what to do about it; nothing stays half-loaded
 */
export async function loadPack(source: string | URL, options: LoadPackOptions = {}): Promise<Pack> {
  const { manifest, files } = await packFiles('loadPack', source, options);
  const model = await loadModel(manifest, files);
  return { manifest, model, files, dispose: () => void model.dispose() };
}
