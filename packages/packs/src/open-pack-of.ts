import { requireRange } from '@tfjs-sparse/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { loadModel } from './load-model.js';
import type { Pack } from './load-pack.js';
import { packFiles, type LoadPackOptions } from './pack-files.js';

/** What the models of packs must have in common so that one function can use all of them. */
export interface PackKind {
  /** Of the pack that the others are like, for messages. */
  readonly name: string;
  /** Shapes; null is any size. */
  readonly inputs: readonly (readonly (number | null)[])[];
  readonly outputs: readonly (readonly (number | null)[])[];
  /** Names of layers that are looked up; default none. */
  readonly layers?: readonly string[];
}

/**
 * Opens a pack as `loadPack` does and makes of it what needs its kind. The layer classes of that kind are registered.
 *
 * @param op begins the error about the kind
 * @throws what `loadPack` throws, RangeError for a pack of another kind, what `make` throws; the pack is freed before
 */
export async function openPackOf<T>(
  op: string,
  kind: PackKind,
  source: string | URL,
  options: LoadPackOptions,
  make: (pack: Pack) => T,
): Promise<T> {
  const { manifest, files } = await packFiles('loadPack', source, options);
  const rule = `source must be a pack of the kind of ${kind.name}`;
  const model = await loadModel(manifest, files).catch((error: Error) => {
    if (error instanceof RangeError) throw error;
    const reason = error.message.replace(/^loadPack: /, ''); // a class that is not registered
    throw new RangeError(`${op}: ${rule}, got ${manifest.name} (${reason})`, { cause: error });
  });
  try {
    requireRange(isOf(kind, model), op, rule, manifest.name);
    return make({ manifest, model, files, dispose: () => void model.dispose() });
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function isOf({ inputs, outputs, layers = [] }: PackKind, model: LayersModel): boolean {
  const hasLayer = (name: string) => model.layers.some((layer) => layer.name === name);
  return areOf(inputs, model.inputs) && areOf(outputs, model.outputs) && layers.every(hasLayer);
}

function areOf(shapes: PackKind['inputs'], found: readonly { readonly shape: readonly (number | null)[] }[]): boolean {
  const isLike = (shape: readonly (number | null)[], other: readonly (number | null)[]) =>
    shape.length === other.length && shape.every((size, axis) => size === null || size === other[axis]);
  return shapes.length === found.length && shapes.every((shape, i) => isLike(shape, found[i].shape));
}
