import type { GraphModel, Tensor } from '@tensorflow/tfjs';
import type { BenchContext } from './bench.js';

const tolerance = 1e-4; // of probabilities and boxes; sums of up to 1024 products in another order

/** @throws Error where a sparse network gives another output than its dense twin */
export async function requireSameOutputs({ tf }: BenchContext, dense: GraphModel, sparse: GraphModel, x: Tensor) {
  const [wanted, got] = [dense, sparse].map((model) => [model.predict(x) as Tensor | Tensor[]].flat());
  for (const [i, tensor] of wanted.entries()) {
    const [a, b] = (await Promise.all([tensor.data(), got[i].data()])) as Float32Array[];
    const scale = a.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const differing = a.findIndex((value, j) => !(Math.abs(value - b[j]) <= tolerance * scale));
    if (differing >= 0) throw new Error(`bench: sparse and dense outputs must agree, got another at ${differing}`);
  }
  tf.dispose([wanted, got]);
}
