import { dispose, tensor } from '@tensorflow/tfjs-core';
import { PickleDict, torchModules, type Checkpoint } from '@tfjs-sparse/converter/checkpoints';
import { saeFromTensors, type ConvertedSae } from './from-tensors.js';
import type { LibraryConfig } from './library-formats.js';

/**
 * `saeFromTensors` of a checkpoint that `readCheckpoint` of `@tfjs-sparse/converter/checkpoints` has opened: the .pt files of
 * openai/sparse_autoencoder and dictionary_learning, the .safetensors files of sparsify and SAELens. What the checkpoint says
 * of the activation beside its tensors (openai: `activation`, `activation_state_dict.k`) counts where config does not.
 *
 * @param config the library's own, such as cfg.json
 * @throws RangeError as `saeFromTensors`
 */
export async function saeFromCheckpoint(checkpoint: Checkpoint, config: LibraryConfig = {}): Promise<ConvertedSae> {
  const named = await Promise.all(
    torchModules(checkpoint).flatMap((module) =>
      module.names.map(async (name) => {
        const { shape, values } = await module.read(name);
        return [module.path === '' ? name : `${module.path}.${name}`, shape, values] as const;
      }),
    ),
  );
  const tensors = Object.fromEntries(
    named.map(([name, shape, values]) => [name, tensor(values, [...shape], 'float32')]),
  );
  try {
    return saeFromTensors(tensors, { ...saidBy(checkpoint), ...config });
  } finally {
    dispose(tensors);
  }
}

/** Texts and numbers beside the tensors. */
function saidBy({ value }: Checkpoint): LibraryConfig {
  if (!(value instanceof PickleDict)) return {};
  const isPlain = (each: unknown) => typeof each === 'string' || typeof each === 'number';
  const plain = [...value.entries].filter(([key, each]) => typeof key === 'string' && isPlain(each));
  const state = value.get('activation_state_dict');
  const k = state instanceof PickleDict ? state.get('k') : undefined;
  return { ...Object.fromEntries(plain), ...(typeof k === 'number' && { k }) };
}
