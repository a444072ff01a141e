import * as tf from '@tensorflow/tfjs';
import { alphabet, changedScores, type Shakespeare } from '@tfjs-sparse/shakespeare-topk';
import { residualBlock, type ShakespeareSae } from '@tfjs-sparse/shakespeare-sae';
import { denseCode, fractionOfVarianceUnexplained, meanL0 } from '@tfjs-sparse/topk';
import { consecutiveStarts, residualsAt } from './residuals.js';

/** What was measured of an autoencoder as it is shipped, on characters of the test text. */
export interface SaeMeasures {
  readonly characters: number;
  /** Fraction of variance unexplained. */
  readonly fvu: number;
  /** Active features of a character. */
  readonly l0: number;
  /** Features that were active at none. */
  readonly silent: number;
  /** Bits per character of the network as it is, with the reconstruction in its stream, and with 0. */
  readonly bits: { readonly original: number; readonly reconstructed: number; readonly zeroed: number };
  /** Activations `[characters, features]`. */
  readonly activations: Float32Array;
}

/** @param windows of the context's length, from the start of the text */
export async function measure(
  sae: ShakespeareSae,
  shakespeare: Shakespeare,
  text: Int32Array,
  windows: number,
): Promise<SaeMeasures> {
  const { context, width } = shakespeare;
  const rows = await residualsAt(shakespeare, residualBlock, text, consecutiveStarts(windows, context));
  const residual = tf.tensor2d(rows, [windows * context, width]);
  const [code, fvu, l0] = tf.tidy(() => {
    const made = sae.encode(residual);
    const unexplained = fractionOfVarianceUnexplained(residual, sae.reconstruct(residual));
    return [denseCode(made), unexplained, meanL0(made)];
  });
  const activations = await code.data<'float32'>();
  const measured = { fvu: (await fvu.data())[0], l0: (await l0.data())[0] };
  tf.dispose([residual, code, fvu, l0]);
  const fired = new Set<number>();
  activations.forEach((value, i) => value > 0 && fired.add(i % sae.features));
  const reconstructed = (stream: tf.Tensor3D): tf.Tensor3D => {
    return tf.reshape(sae.reconstruct(tf.reshape(stream, [-1, width]) as tf.Tensor2D), stream.shape);
  };
  return {
    characters: windows * context,
    ...measured,
    silent: sae.features - fired.size,
    bits: {
      original: await bits(shakespeare, text, windows, (stream) => stream),
      reconstructed: await bits(shakespeare, text, windows, reconstructed),
      zeroed: await bits(shakespeare, text, windows, (stream) => tf.zerosLike(stream)),
    },
    activations,
  };
}

/** Bits per character, where the stream behind the autoencoder's block is changed. */
async function bits(
  { pack, context }: Shakespeare,
  text: Int32Array,
  windows: number,
  change: (stream: tf.Tensor3D) => tf.Tensor3D,
): Promise<number> {
  let nats = 0;
  for (let window = 0; window < windows; window++) {
    const start = window * context;
    const loss = tf.tidy(() => {
      const indices = tf.tensor2d(text.slice(start, start + context), [1, context], 'int32');
      const scores = changedScores(pack.model, indices, residualBlock, change);
      const wanted = tf.oneHot(tf.tensor1d(text.slice(start + 1, start + context + 1), 'int32'), alphabet.length);
      return tf.losses.softmaxCrossEntropy(wanted, tf.reshape(scores, [context, alphabet.length])) as tf.Scalar;
    });
    nats += (await loss.data())[0];
    loss.dispose();
  }
  return nats / windows / Math.LN2;
}
