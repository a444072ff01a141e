import { convertModel } from '@tfjs-sparse/converter';
import { sparseWeightRules } from '@tfjs-sparse/sparse-matmul/convert';
import type { GraphModel, io, Tensor } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { faceDetector } from './face-detection.js';
import { measure } from './measure.js';
import { mobileNetGraph } from './mobilenet-graph.js';
import { resNetGraph } from './resnet-graph.js';
import { twoThreads } from './two-threads.js';

const percentsOfZeros = [50, 70, 80, 90, 95];
const side = 224;
const tolerance = 1e-4; // of probabilities and boxes; sums of up to 1024 products in another order
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
  { name: 'face-detection', run: (context: BenchContext) => runFaceDetector(context, true) },
  { name: 'face-detection/folded-pads', run: (context: BenchContext) => runFaceDetector(context, false) },
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

/** With padding as nodes of its own (only `convertModel` folds it), or folded in the dense network too. */
async function runFaceDetector(context: BenchContext, hasPadNodes: boolean) {
  return run(context, await faceDetector(context, hasPadNodes));
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

async function requireSameOutputs({ tf }: BenchContext, dense: GraphModel, sparse: GraphModel, x: Tensor) {
  const [wanted, got] = [dense, sparse].map((model) => [model.predict(x) as Tensor | Tensor[]].flat());
  for (const [i, tensor] of wanted.entries()) {
    const [a, b] = (await Promise.all([tensor.data(), got[i].data()])) as Float32Array[];
    const scale = a.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const differing = a.findIndex((value, j) => !(Math.abs(value - b[j]) <= tolerance * scale));
    if (differing >= 0) throw new Error(`mobilenet: sparse and dense outputs must agree, got another at ${differing}`);
  }
  tf.dispose([wanted, got]);
}
