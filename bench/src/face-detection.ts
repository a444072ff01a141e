import { bytesSource, convertFile } from '@tfjs-sparse/converter/checkpoints';
import { converterPlugin } from '@tfjs-sparse/sparse-matmul/convert';
import type { GraphModel, io, Tensor } from '@tensorflow/tfjs';
import type { BenchContext } from './bench.js';
import { measure, type Contenders } from './measure.js';
import { requireSameOutputs } from './same-outputs.js';

const path = 'models/face_detection_full_range_sparse.tflite';

/**
 * MediaPipe's full-range face detector, of whose 1 x 1 convolutions 46 are 70 % zeros, converted from its TFLite file: with kernels
 * of ours beside dense, and in browsers beside LiteRT.js on the same file. `details` have the bytes of the weights.
 */
export async function runFaceDetector(context: BenchContext) {
  const { tf } = context;
  const file = new Uint8Array(await context.readData(path));
  const converted = (plugins: (typeof converterPlugin)[]) => convertFile(bytesSource(path, file), { plugins });
  const [twin, found] = [await converted([]), await converted([converterPlugin])];
  const [dense, model] = await Promise.all(
    [twin, found].map(({ artifacts }) => tf.loadGraphModel(tf.io.fromMemory(artifacts))),
  );
  const x = tf.randomUniform(dense.inputs[0].shape!, 0, 1, 'float32', 1);
  await requireSameOutputs(context, dense, model, x);
  const litert = await litertRun(context, file, x);
  const others: Contenders<string> = litert ? { litert } : {};
  const times = await measure<string>({
    ours: () => tf.dispose(model.predict(x)),
    tfjs: () => tf.dispose(dense.predict(x)),
    ...others,
  });
  tf.dispose(x);
  [dense, model].forEach((each: GraphModel) => each.dispose());
  const bytes = [found, twin].map(({ artifacts }) => bytesOf(artifacts));
  return {
    threads: 1,
    ms: times.ours,
    gflops: null,
    percentOfPeak: null,
    rateVsMatMul: null,
    speedup: { tfjs: times.tfjs / times.ours, ...(litert && { litert: times.litert / times.ours }) },
    details: {
      tfjsMs: times.tfjs,
      sparseLayers: found.report.filter(({ kernel }) => kernel !== null).length,
      bytesOverDense: bytes[0] / bytes[1],
    },
  };
}

/** A run of the file by LiteRT.js; null where there is none. */
async function litertRun(context: BenchContext, file: Uint8Array, x: Tensor): Promise<(() => Promise<void>) | null> {
  const litert = await context.litert();
  if (!litert) return null;
  const model = await litert.loadAndCompile(file, { accelerator: 'wasm' });
  const input = new litert.Tensor((await x.data()) as Float32Array, x.shape);
  return async () => {
    for (const output of await model.run(input)) output.delete();
  };
}

function bytesOf({ weightData }: io.ModelArtifacts): number {
  return [weightData as ArrayBuffer | ArrayBuffer[]].flat().reduce((sum, { byteLength }) => sum + byteLength, 0);
}
