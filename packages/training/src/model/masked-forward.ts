import { tidy, type Tensor } from '@tensorflow/tfjs-core';
import { override } from './override.js';
import type { PrunableWeight } from './prunable-weight.js';

/**
 * Lets a layer compute with `forward(dense)`, made once per call of the layer. Only while it runs does its weight read as
 * something else: optimizers, regularizers and `model.save` have the dense weight. Returns what undoes this.
 */
export function replaceDuringCall(weight: PrunableWeight, forward: (dense: Tensor) => Tensor): () => void {
  const { layer, variable } = weight;
  const call = layer.call.bind(layer);
  const read = variable.read.bind(variable);
  let replaced: Tensor | undefined; // while the layer runs
  const undoCall = override(layer, 'call', call, (inputs, kwargs) =>
    tidy(() => {
      replaced = forward(read());
      try {
        return call(inputs, kwargs);
      } finally {
        replaced = undefined;
      }
    }),
  );
  const undoRead = override(variable, 'read', read, () => replaced ?? read());
  return () => {
    undoRead();
    undoCall();
  };
}
