import { cast, dispose, greater, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { columnSums } from '@tfjs-sparse/core';
import { fractionOfVarianceUnexplained } from '@tfjs-sparse/topk';
import type { Quality } from './tasks.js';

/**
 * How an autoencoder does on some activations.
 *
 * @param residual       `[characters, width]`
 * @param code           `[characters, features]`
 * @param reconstruction `[characters, width]`; it is freed
 */
export async function measureQuality(residual: Tensor2D, code: Tensor2D, reconstruction: Tensor2D): Promise<Quality> {
  const [unexplained, counts] = tidy(() => [
    fractionOfVarianceUnexplained(residual, reconstruction),
    columnSums(cast(greater(code, 0), 'float32') as Tensor2D),
  ]);
  const [[varianceUnexplained], activeCounts] = await Promise.all([
    unexplained.data<'float32'>(),
    counts.data<'float32'>(),
  ]);
  dispose([reconstruction, unexplained, counts]);
  const active = activeCounts.reduce((sum, count) => sum + count, 0);
  return {
    varianceUnexplained: Number.isFinite(varianceUnexplained) ? varianceUnexplained : null,
    activeFeatures: active / residual.shape[0],
    everActive: activeCounts.filter((count) => count > 0).length,
  };
}
