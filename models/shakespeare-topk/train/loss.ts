import * as tf from '@tensorflow/tfjs';
import { alphabet } from '@tfjs-sparse/shakespeare-topk';

const windowsAtOnce = 8;

/**
 * The mean of -ln p of each character that has one before it.
 *
 * @param batch indices `[windows, length + 1]`
 */
export function lossOf(network: tf.LayersModel, batch: Int32Array, windows: number, training: boolean): tf.Scalar {
  return tf.tidy(() => {
    const length = batch.length / windows - 1;
    const rows = Array.from({ length: windows }, (_, i) => batch.subarray(i * (length + 1), (i + 1) * (length + 1)));
    const [inputs, targets] = [0, 1].map((shift) =>
      tf.tensor2d(Int32Array.from(rows.flatMap((row) => [...row.subarray(shift, shift + length)])), [windows, length]),
    );
    const scores = network.apply(inputs, { training }) as tf.Tensor3D;
    const wanted = tf.oneHot(tf.cast(tf.reshape(targets, [-1]), 'int32'), alphabet.length);
    return tf.losses.softmaxCrossEntropy(wanted, tf.reshape(scores, [-1, alphabet.length])) as tf.Scalar;
  });
}

/** Bits per character of a text in consecutive windows, each of which begins without context. */
export async function bitsPerCharacter(network: tf.LayersModel, text: Int32Array, length: number): Promise<number> {
  let [nats, scored] = [0, 0];
  const stride = windowsAtOnce * length;
  for (let start = 0; start + length < text.length; start += stride) {
    const windows = Math.min(windowsAtOnce, Math.floor((text.length - 1 - start) / length));
    const batch = Int32Array.from({ length: windows * (length + 1) }, (_, i) => {
      return text[start + Math.floor(i / (length + 1)) * length + (i % (length + 1))];
    });
    const loss = lossOf(network, batch, windows, false);
    nats += (await loss.data())[0] * windows * length;
    scored += windows * length;
    loss.dispose();
  }
  return nats / scored / Math.LN2;
}
