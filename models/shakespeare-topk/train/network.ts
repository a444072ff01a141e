import * as tf from '@tensorflow/tfjs';
import { alphabet } from '@tfjs-sparse/shakespeare-topk';
import {
  CausalSelfAttention,
  CharacterEmbedding,
  CharacterScores,
  LayerNorm,
  ReluMLP,
} from '@tfjs-sparse/shakespeare-topk/layers';
import { SparseMLP } from '@tfjs-sparse/topk/layers';
import type { Architecture } from './architecture.js';

/** `topk` and `dense` by their MLPs; `window` and `long` have dense ones, and `window` attention within a window. */
export type Kind = 'topk' | 'dense' | 'window' | 'long';

const characterDeviation = 0.5; // near what a block adds to the residual stream

/**
 * Indices of characters `[batch, length]` to logits of the next ones `[batch, length, characters]`. The layers are the
 * embedding, the blocks, of which each gives the residual stream behind it, the last norm and the scores. All kinds have the
 * same weights in the same shapes, and the same ones of one seed.
 */
export function buildNetwork(kind: Kind, architecture: Architecture, seed: number): tf.LayersModel {
  const { blocks, width, context } = architecture;
  const characters = alphabet.length;
  // Not tf.sequential, whose dispose leaves the weights of inner models.
  const input = tf.input({ shape: [null], name: 'characters' });
  const layers = [
    new CharacterEmbedding({ name: 'embedding', characters, places: context, width }),
    ...Array.from({ length: blocks }, (_, block) => blockOf(kind, architecture, `block${block}`)),
    new LayerNorm({ name: 'norm' }),
    new CharacterScores({ name: 'scores', characters }),
  ];
  const outputs = layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
  const network = tf.model({ inputs: input, outputs, name: 'shakespeare' });
  drawWeights(network, architecture, seed);
  return network;
}

/** `x + attention(norm(x))`, then `x + mlp(norm(x))`. */
function blockOf(
  kind: Kind,
  { width, heads, hiddenUnits, k, window, context }: Architecture,
  name: string,
): tf.LayersModel {
  const input = tf.input({ shape: [null, width], name: `${name}input` });
  const named = (part: string) => ({ name: name + part });
  const added = (part: string, x: tf.SymbolicTensor, layer: tf.layers.Layer) => {
    const y = layer.apply(new LayerNorm(named(`${part}norm`)).apply(x)) as tf.SymbolicTensor;
    return tf.layers.add(named(`${part}sum`)).apply([x, y]) as tf.SymbolicTensor;
  };
  const seen = { topk: null, dense: null, window, long: context }[kind];
  const attention = { ...named('attention'), heads, window: seen };
  const attended = added('attention', input, new CausalSelfAttention(attention));
  const mlp =
    kind === 'topk'
      ? new SparseMLP({ ...named('mlp'), hiddenUnits, k })
      : new ReluMLP({ ...named('mlp'), hiddenUnits });
  return tf.model({ inputs: input, outputs: added('mlp', attended, mlp), name });
}

/**
 * Matrices from normal distributions of the variance 1 / inputs; those that add to the residual stream a factor of
 * sqrt(2 * blocks) smaller (Radford et al. 2019). Vectors of places begin as waves, in which the place before is a linear
 * function of a place.
 */
function drawWeights(network: tf.LayersModel, architecture: Architecture, seed: number): void {
  const { blocks, width, hiddenUnits } = architecture;
  const residual = 1 / Math.sqrt(2 * blocks);
  const deviations: Readonly<Record<string, number>> = {
    characters: characterDeviation,
    output: residual / Math.sqrt(width),
    down: residual / Math.sqrt(hiddenUnits),
  };
  for (const weight of network.trainableWeights) {
    const shape = weight.read().shape;
    if (shape.length < 2) continue;
    const name = weight.originalName.split('/').at(-1)!;
    const deviation = deviations[name] ?? 1 / Math.sqrt(width);
    const drawn = name === 'places' ? waves(architecture) : tf.randomNormal(shape, 0, deviation, 'float32', ++seed);
    weight.write(drawn);
    drawn.dispose();
  }
}

/** Sines and cosines of wavelengths from 2 pi to 2 pi * context (Vaswani et al. 2017), as large as characters' vectors. */
function waves({ context, width }: Architecture): tf.Tensor2D {
  const values = Array.from({ length: context * width }, (_, i) => {
    const [place, column] = [Math.floor(i / width), i % width];
    const angle = place * context ** (-Math.floor(column / 2) / (width / 2));
    return characterDeviation * Math.SQRT2 * (column % 2 === 0 ? Math.sin(angle) : Math.cos(angle));
  });
  return tf.tensor2d(values, [context, width]);
}
