import * as tf from '@tensorflow/tfjs';
import { encodeTopK } from '@tfjs-sparse/topk';
import type { Architecture } from './architecture.js';
import type { Kind } from './network.js';

/** Of the hidden units of one block's MLP. */
export interface Activity {
  /** Mean share that is not 0 at a character. */
  readonly active: number;
  /** Share that is 0 at every character. */
  readonly silent: number;
}

const windowsAtOnce = 8;

/** Which hidden units are active on a text, in consecutive windows of `context` characters. */
export async function activityOf(
  kind: Kind,
  network: tf.LayersModel,
  { blocks, hiddenUnits, k, context }: Architecture,
  text: Int32Array,
): Promise<Activity[]> {
  const counts = Array.from({ length: blocks }, () => new Float64Array(hiddenUnits));
  let characters = 0;
  for (let start = 0; start + windowsAtOnce * context <= text.length; start += windowsAtOnce * context) {
    const part = text.subarray(start, start + windowsAtOnce * context);
    characters += part.length;
    tf.tidy(() => {
      let x = network.getLayer('embedding').apply(tf.tensor2d(part, [windowsAtOnce, context], 'int32')) as tf.Tensor;
      for (let block = 0; block < blocks; block++) {
        const inner = network.getLayer(`block${block}`) as object as tf.LayersModel;
        const { values, indices } = hiddenOf(inner, `block${block}`, x, kind === 'topk' ? k : hiddenUnits);
        const units = indices.dataSync();
        values.dataSync().forEach((value, i) => (counts[block][units[i]] += Number(value > 0)));
        x = inner.apply(x) as tf.Tensor;
      }
    });
  }
  return counts.map((units) => ({
    active: units.reduce((total, count) => total + count, 0) / (characters * hiddenUnits),
    silent: units.filter((count) => count === 0).length / hiddenUnits,
  }));
}

/** The k greatest pre-activations of a block's MLP, `[characters, k]`. */
function hiddenOf(block: tf.LayersModel, name: string, x: tf.Tensor, k: number) {
  const norm = block.getLayer(`${name}mlpnorm`).output as tf.SymbolicTensor;
  const inputs = tf.model({ inputs: block.inputs, outputs: norm }).apply(x) as tf.Tensor;
  const [up, bias] = block.getLayer(`${name}mlp`).getWeights() as [tf.Tensor2D, tf.Tensor1D];
  return encodeTopK(tf.reshape(inputs, [-1, up.shape[1]]), up, { k, bias });
}
