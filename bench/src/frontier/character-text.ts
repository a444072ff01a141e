import type { LayersModel, Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import type { layers } from '@tensorflow/tfjs-layers';
import { pageBounds, quest, selectedBlockAttention } from '@tfjs-sparse/window-attention';
import { characterIndices } from '@tfjs-sparse/shakespeare-topk';
import '@tfjs-sparse/shakespeare-topk/layers';
import { loadPack } from '@tfjs-sparse/packs';
import type { BenchContext } from '../bench.js';
import { budgetFor } from './prefill.js';
import { seenShare } from './quality.js';
import { prefillSelectors } from './selectors.js';

const length = 256; // the network's context
const windows = 16;
const blockSize = 8;
const pageSize = 4;
const textStart = 0.9; // its last tenth was not trained on

type Attend = (q: Tensor4D, k: Tensor4D, v: Tensor4D) => Promise<Tensor4D>;

/** Bits per character of the network of shakespeare-topk, whose heads leave out so many percent of the causal pairs. */
export async function textRow(context: BenchContext, name: string, percent: number) {
  const { tf } = context;
  const text = new TextDecoder().decode(await context.readData('text/tinyshakespeare.txt'));
  const pack = await loadPack(context.packSource('shakespeare-topk'));
  const network = pack.model as LayersModel;
  const first = Math.floor(text.length * textStart);
  const indices = characterIndices(text.slice(first, first + windows * length + 1));
  const shares: number[] = [];
  const attend = name === 'quest' ? byQuest(context, percent, shares) : bySelector(name, percent, shares);
  const start = performance.now();
  let nats = 0;
  for (let window = 0; window < windows; window++) {
    const part = indices.subarray(window * length, (window + 1) * length + 1);
    tf.engine().startScope(); // no tidy waits for selectors that read
    nats += await natsOf(context, network, part, attend);
    tf.engine().endScope();
  }
  const ms = (performance.now() - start) / windows;
  tf.dispose(network.weights.map((weight) => weight.read()));
  const leftOut = 1 - shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const details = { leftOut, bitsPerCharacter: nats / windows / length / Math.LN2 };
  return { threads: 1, ms, ...{ gflops: null, percentOfPeak: null, rateVsMatMul: null }, speedup: {}, details };
}

/** All characters of a window at once. */
function bySelector(name: string, percent: number, shares: number[]): Attend {
  const select = prefillSelectors[name];
  return async (q, k, v) => {
    const budget = await budgetFor(select, q, k, 1 - percent / 100, blockSize);
    const selection = await select(q, k, budget, blockSize);
    shares.push(seenShare(await selection.visibleKeys(), length));
    const y = selection.attend(q, k, v);
    selection.dispose();
    return y;
  };
}

/** Each character by itself, from the cache of those before it. */
function byQuest({ tf }: BenchContext, percent: number, shares: number[]): Attend {
  return async (q, k, v) =>
    tf.tidy(() => {
      const [, heads, , channels] = q.shape;
      let pairs = 0;
      const rows = Array.from({ length }, (_, query) =>
        tf.tidy(() => {
          const keys = query + 1;
          const upTo = (x: Tensor4D) => tf.slice(x, [0, 0, 0, 0], [1, heads, keys, channels]);
          const one = tf.slice(q, [0, 0, query, 0], [1, heads, 1, channels]);
          const budget = Math.max(1, Math.round((keys * (1 - percent / 100)) / pageSize) - 1);
          const pages = quest(one, pageBounds(upTo(k), pageSize), { budget });
          pairs += Math.min(keys, (pages.shape[3] - 1) * pageSize + ((keys - 1) % pageSize) + 1);
          return selectedBlockAttention(one, upTo(k), upTo(v), pages, { blockSize: { queries: 1, keys: pageSize } });
        }),
      );
      shares.push(pairs / ((length * (length + 1)) / 2));
      return tf.concat(rows, 2);
    });
}

/** The sum of -ln p of the characters behind the first. */
async function natsOf({ tf }: BenchContext, network: LayersModel, part: Int32Array, attend: Attend): Promise<number> {
  const apply = (layer: layers.Layer, ...x: Tensor[]) =>
    tf.tidy(() => layer.apply(x.length > 1 ? x : x[0]) as Tensor3D);
  const [, embedding, ...others] = network.layers;
  let x = apply(embedding, tf.tensor2d(part.subarray(0, length), [1, length], 'int32'));
  for (const layer of others) {
    if (!('layers' in layer)) {
      x = apply(layer, x);
      continue;
    }
    const [, norm, attention, sum, mlpNorm, mlp, mlpSum] = (layer as LayersModel).layers;
    const attended = apply(sum, x, await attentionOf(tf, attention, apply(norm, x), attend));
    x = apply(mlpSum, attended, apply(mlp, apply(mlpNorm, attended)));
  }
  const scores = tf.reshape(x, [length, -1]);
  const wanted = tf.oneHot(tf.tensor1d(part.subarray(1), 'int32'), scores.shape[1] as number);
  const loss = tf.losses.softmaxCrossEntropy(wanted, scores);
  return (await loss.data())[0] * length;
}

/** The layer's attention with other keys left out. */
async function attentionOf(
  tf: BenchContext['tf'],
  layer: layers.Layer,
  x: Tensor3D,
  attend: Attend,
): Promise<Tensor3D> {
  const heads = layer.getConfig()['heads'] as number;
  const width = x.shape[2];
  const [query, key, value, output] = layer.getWeights() as Tensor2D[];
  const rows = tf.reshape(x, [length, width]) as Tensor2D;
  const inHeads = (kernel: Tensor2D) =>
    tf.transpose(tf.reshape(tf.matMul(rows, kernel), [1, length, heads, width / heads]), [0, 2, 1, 3]) as Tensor4D;
  const y = await attend(inHeads(query), inHeads(key), inHeads(value));
  const joined = tf.reshape(tf.transpose(y, [0, 2, 1, 3]), [length, width]) as Tensor2D;
  return tf.reshape(tf.matMul(joined, output), x.shape);
}
