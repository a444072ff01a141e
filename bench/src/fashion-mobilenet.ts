import { loadPack } from '@tfjs-sparse/packs';
import '@tfjs-sparse/sparse-matmul/layers';
import type { LayersModel, Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { measure } from './measure.js';

const pack = 'fashion-mobilenet-90';
const side = 28;
const batchSizes = [1, 32];

/** The packs of fashion-mobilenet-90, sparse against the dense one of stock tfjs layers: `batch<size>/90` and `/nm`. */
export const fashionCases: readonly BenchCase[] = batchSizes.flatMap((batchSize) => [
  { name: `batch${batchSize}/90`, run: (context: BenchContext) => run(context, pack, batchSize) },
  { name: `batch${batchSize}/nm`, run: (context: BenchContext) => run(context, `${pack}/nm`, batchSize) },
]);

async function run(context: BenchContext, name: string, batchSize: number) {
  const { tf } = context;
  const sparse = await loadPack(context.packSource(name));
  const dense = await loadPack(context.packSource(`${pack}/dense`));
  const x = tf.randomNormal([batchSize, side, side, 1], 0, 1, 'float32', 1) as Tensor4D;
  const predict = async (model: LayersModel) => {
    const y = model.predict(x, { batchSize }) as Tensor;
    await y.data();
    y.dispose();
  };
  const times = await measure({ ours: () => predict(sparse.model), tfjs: () => predict(dense.model) });
  x.dispose();
  sparse.dispose();
  dense.dispose();
  return {
    threads: 1,
    ms: times.ours,
    gflops: null,
    percentOfPeak: null,
    rateVsMatMul: null,
    speedup: { tfjs: times.tfjs / times.ours },
  };
}
