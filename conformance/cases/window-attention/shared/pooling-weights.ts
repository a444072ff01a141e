import type * as tf from '@tensorflow/tfjs-core';
import type { AttentionPoolingWeights } from '@tfjs-sparse/window-attention';

export function poolingWeights(weights: Readonly<Record<string, tf.Tensor>>): AttentionPoolingWeights {
  const vector = (name: string) => weights[name] as tf.Tensor1D;
  const matrix = (name: string) => weights[name] as tf.Tensor2D;
  return {
    attention: {
      qkv: matrix('qkv'),
      qkvBias: vector('qkvBias'),
      output: matrix('output'),
      outputBias: vector('outputBias'),
    },
    position: matrix('position'),
    norm: { scale: vector('scale'), offset: vector('offset') },
  };
}
