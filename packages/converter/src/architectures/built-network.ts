import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import type { Checkpoint } from '../checkpoint/read-checkpoint.js';
import { loadTorchWeights, type LoadTorchOptions } from '../torch-weights/load-torch-weights.js';
import type { BuiltNetwork } from './architecture.js';

/**
 * A network with the weights of a checkpoint, for `build` of an architecture. Tensors that its layers have no place for, such as a
 * bias, would make it another network.
 *
 * @param op    in whose name the error is
 * @param model disposed of where the weights do not fit
 * @throws RangeError what `loadTorchWeights` throws, and for tensors of the modules that are left over
 */
export async function builtNetwork(
  op: string,
  model: LayersModel,
  checkpoint: Checkpoint,
  options: LoadTorchOptions,
  assumptions: readonly string[] = [],
): Promise<BuiltNetwork> {
  try {
    const loaded = await loadTorchWeights(model, checkpoint, options);
    const unread = loaded.pairings.flatMap((pairing) => pairing.unread);
    requireRange(unread.length === 0, op, 'every tensor of a module must have a place in its layer', unread.join(', '));
    const pairings = loaded.pairings.map((pairing) => ({ ...pairing, note: null })); // an architecture knows its epsilons
    return { model, loaded: { ...loaded, pairings }, assumptions };
  } catch (error) {
    model.dispose();
    throw error;
  }
}
