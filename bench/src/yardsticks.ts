import type { Tensor2D } from '@tensorflow/tfjs';
import { exportsOnHost } from './peak.js';
import type { BenchContext } from './bench.js';

const matMulSize = 512;
const matMulFlops = 2 * matMulSize ** 3;
const matMulWarmUps = 50;
const peakRounds = 200_000;
const flopsPerRound = 96; // 12 vectors x 4 lanes x (multiply + add)

/** The contenders that every floating-point case runs beside its own, and what their times say. */
export interface Yardsticks {
  readonly contenders: { readonly matMul: () => void; readonly peak: () => void };
  /** `flops` operations in `ms` as rates against the yardsticks' times. */
  rates(
    flops: number,
    ms: number,
    times: { readonly matMul: number; readonly peak: number },
  ): { gflops: number; percentOfPeak: number; rateVsMatMul: number };
  dispose(): void;
}

export function yardsticks({ tf }: BenchContext): Yardsticks {
  const [a, b] = [1, 2].map((seed) => tf.randomUniform([matMulSize, matMulSize], -1, 1, 'float32', seed) as Tensor2D);
  const peak = exportsOnHost();
  // Until V8 has compiled XNNPACK's kernel well, the product runs at half its speed.
  for (let i = 0; i < matMulWarmUps; i++) tf.matMul(a, b).dispose();
  return {
    contenders: {
      matMul: () => tf.matMul(a, b).dispose(),
      peak: () => void peak.multiplyAdd(peakRounds),
    },
    rates: (flops, ms, times) => ({
      gflops: flops / ms / 1e6,
      percentOfPeak: (100 * flops * times.peak) / (peakRounds * flopsPerRound * ms),
      rateVsMatMul: (flops * times.matMul) / (matMulFlops * ms),
    }),
    dispose: () => tf.dispose([a, b]),
  };
}
