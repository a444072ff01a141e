import type { LayersModel } from '@tensorflow/tfjs-layers';
import { keptWeights, type Mask } from '../masks/keep-largest.js';
import { patternName } from '../masks/pattern-name.js';
import type { PrunableWeight } from './prunable-weight.js';
import { selectWeights, type LayerSelection } from './select-weights.js';

export interface LayerSparsity {
  readonly name: string;
  /** Weights of the kernel. */
  readonly weights: number;
  readonly kept: number;
  /** Share of the weights that is 0. */
  readonly sparsity: number;
  /** `dense`, `unstructured`, `4x1 blocks`, or `2:4`, `2:4 x 8` where 8 outputs share each pattern. */
  readonly pattern: string;
}

/** How sparse each kernel of a model is, by its zeros. */
export async function sparsitySummary(model: LayersModel, selection?: LayerSelection): Promise<LayerSparsity[]> {
  const weights = selectWeights(model, selection);
  return Promise.all(weights.map(async (weight) => layerSparsity(weight, nonZeros(await weight.values()))));
}

export function layerSparsity({ name, size, layout }: PrunableWeight, mask: Mask): LayerSparsity {
  const kept = keptWeights(mask);
  const sparsity = size === 0 ? 0 : (size - kept) / size;
  return { name, weights: size, kept, sparsity, pattern: patternName(mask, layout) };
}

export function nonZeros(values: Float32Array): Mask {
  return Uint8Array.from(values, (value) => Number(value !== 0));
}
