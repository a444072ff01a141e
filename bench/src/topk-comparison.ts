import type { Tensor } from '@tensorflow/tfjs';
import type { BenchContext } from './bench.js';
import { measure, type brief } from './measure.js';
import { onnxRun, type OnnxGraph } from './onnx-model.js';
import { passOver } from './pass.js';
import { yardsticks } from './yardsticks.js';

export interface Comparison {
  readonly ours: () => void;
  /** Ways of tfjs; the fastest counts. */
  readonly tfjs: Readonly<Record<string, () => void>>;
  readonly onnx: OnnxGraph | null;
  /** Floats that one pass reads. */
  readonly passFloats: number;
  readonly flops?: number;
  /** Default: that of `measure`. */
  readonly effort?: typeof brief;
  /** Beside the passes. */
  readonly details?: Readonly<Record<string, number>>;
}

/** Our way beside those of tfjs, a pass over memory and the yardsticks, and then beside onnxruntime. */
export async function compare(context: BenchContext, comparison: Comparison) {
  const { ours, tfjs, onnx, passFloats, flops, effort, details } = comparison;
  const yard = yardsticks(context);
  const times: Record<string, number> = await measure(
    { ours, ...tfjs, pass: passOver(passFloats), ...yard.contenders },
    effort,
  );
  // Apart: onnxruntime leaves its outputs to the garbage collector, which would run in the next contender's time.
  const onnxruntime = onnx && (await onnxRun(context, onnx));
  const besideOnnx = onnxruntime && (await measure({ ours, onnxruntime }, effort));
  yard.dispose();
  const fastest = Math.min(...Object.keys(tfjs).map((name) => times[name]));
  const rates = flops
    ? yard.rates(flops, times.ours, { matMul: times.matMul, peak: times.peak })
    : { gflops: null, percentOfPeak: null, rateVsMatMul: null };
  return {
    threads: 1,
    ms: times.ours,
    ...rates,
    speedup: {
      tfjs: fastest / times.ours,
      ...(besideOnnx ? { onnxruntime: besideOnnx.onnxruntime / besideOnnx.ours } : {}),
    },
    details: { passes: times.ours / times.pass, ...details },
  };
}

export async function onnxFloats(tensor: Tensor) {
  return { type: 'float32', shape: tensor.shape, values: (await tensor.data()) as Float32Array } as const;
}

export function onnxIntegers(values: readonly number[]) {
  return { type: 'int64', shape: [values.length], values: BigInt64Array.from(values, BigInt) } as const;
}
