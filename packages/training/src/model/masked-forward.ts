import { tidy, type Tensor } from '@tensorflow/tfjs-core';
import { override } from './override.js';
import type { PrunableWeight } from './prunable-weight.js';

/**
 * Lets a layer compute with `forward()` while it runs. Only then does its weight read as something else: optimizers,
 * regularizers and `model.save` have the dense weight. Returns what undoes this.
 */
export function replaceDuringCall(weight: PrunableWeight, forward: (dense: Tensor) => Tensor): () => void {
  const { layer, variable } = weight;
  const call = layer.call.bind(layer);
  const read = variable.read.bind(variable);
  let isRunning = false;
  const undoCall = override(layer, 'call', call, (inputs, kwargs) => {
    isRunning = true;
    try {
      return tidy(() => call(inputs, kwargs));
    } finally {
      isRunning = false;
    }
  });
  const undoRead = override(variable, 'read', read, () => (isRunning ? forward(read()) : read()));
  return () => {
    undoRead();
    undoCall();
  };
}
