import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import { io } from '@tensorflow/tfjs-core';
import { requireRange } from '@tfjs-sparse/core';
import { readWeights } from './load-model.js';
import type { PackManifest } from './manifest.js';
import { packFiles, type LoadPackOptions } from './pack-files.js';
import { jsonObject, parseJson, type Place } from './schema.js';

/** A pack of a GraphModel whose files are all here and verified. */
export interface GraphPack {
  readonly manifest: PackManifest;
  readonly model: GraphModel;
  /** Contents of every file that the manifest lists, by path. */
  readonly files: ReadonlyMap<string, ArrayBuffer>;
  /** Frees the model's weights. */
  dispose(): void;
}

/**
 * `loadPack` for a pack whose model is a graph, as `tfjs-sparse convert` and `pack` of `@tfjs-sparse/converter` write it. Its ops
 * must be registered before, by importing the graph-ops of the plugins that the manifest lists.
 *
 * @param source URL of the pack's folder, or in Node its path
 * @throws what is wrong and what to do about it; nothing stays half-loaded
 */
export async function loadGraphPack(source: string | URL, options: LoadPackOptions = {}): Promise<GraphPack> {
  const { manifest, files } = await packFiles(op, source, options);
  const { path } = manifest.files.find(({ role }) => role === 'model')!;
  const place: Place = { op, path };
  const json = jsonObject(parseJson(files.get(path)!, place), place);
  requireRange(json.format === 'graph-model', op, `${path} must have the format graph-model`, String(json.format));
  const { specs, contents } = readWeights(json.weightsManifest, manifest, files, place);
  const model = await build({ ...json, weightSpecs: specs, weightData: contents }, place);
  return { manifest, model, files, dispose: () => model.dispose() };
}

const op = 'loadGraphPack';

async function build(artifacts: io.ModelArtifacts, { path }: Place): Promise<GraphModel> {
  try {
    return await loadGraphModel(io.fromMemory(artifacts));
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    throw new RangeError(`${op}: ${path} must be a graph that tfjs loads, got: ${got}`, { cause: error });
  }
}
