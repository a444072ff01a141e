import { convertModel } from '@tfjs-sparse/converter';
import { sparseWeightRules } from '@tfjs-sparse/sparse-matmul/convert';
import type { io, Tensor } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { runFaceDetector } from './face-detection.js';
import { measure } from './measure.js';
import { mobileNetGraph } from './mobilenet-graph.js';
import { resNetGraph } from './resnet-graph.js';
import { requireSameOutputs } from './same-outputs.js';
import { twoThreads } from './two-threads.js';

const percentsOfZeros = [50, 70, 80, 90, 95];
const side = 224;
const threadRounds = 15;
const rules = [sparseWeightRules()];

/** Whole networks: a dense GraphModel whose weights hold zeros against what `convertModel` makes of it. */
export const mobileNetCases: readonly BenchCase[] = [
  ...percentsOfZeros.map((percent) => ({
    name: `v1-${side}/${percent}`,
    run: (context: BenchContext) => run(context, mobileNetGraph(percent / 100)),
  })),
  { name: `v1-${side}/90/2-threads`, run: (context: BenchContext) => onTwoThreads(context, mobileNetGraph(0.9)) },
  ...percentsOfZeros.map((percent) => ({
    name: `resnet20/${percent}`,
    run: (context: BenchContext) => run(context, resNetGraph(percent / 100)),
  })),
  { name: 'face-detection', run: runFaceDetector },
];

async function run(context: BenchContext, artifacts: io.ModelArtifacts) {
  const { tf } = context;
  const dense = await tf.loadGraphModel(tf.io.fromMemory(artifacts));
  const { model, report } = await convertModel(dense, { rules });
  const x = tf.randomUniform(dense.inputs[0].shape!, 0, 1, 'float32', 1);
  await requireSameOutputs(context, dense, model, x);
  const times = await measure({
    ours: () => tf.dispose(model.predict(x)),
    tfjs: () => tf.dispose(dense.predict(x)),
  });
  x.dispose();
  model.dispose();
  dense.dispose();
  return {
    threads: 1,
    ms: times.ours,
    gflops: null,
    percentOfPeak: null,
    rateVsMatMul: null,
    speedup: { tfjs: times.tfjs / times.ours },
    details: { tfjsMs: times.tfjs, sparseLayers: report.filter(({ kernel }) => kernel !== null).length },
  };
}

/** The sparse network on two threads and on one. */
async function onTwoThreads(context: BenchContext, artifacts: io.ModelArtifacts) {
  const { tf } = context;
  const { model } = await convertModel(tf.io.fromMemory(artifacts), { rules });
  const x = tf.randomUniform([1, side, side, 3], 0, 1, 'float32', 1);
  const row = await twoThreads(() => model.predict(x) as Tensor, threadRounds);
  x.dispose();
  model.dispose();
  return row;
}
