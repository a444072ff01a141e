import type { LayerRule } from '@tfjs-sparse/converter';
import type { layers } from '@tensorflow/tfjs-layers';
import type { SparseFormat } from '../pattern/choose-format.js';
import { sparseReplacement } from './replacement-layers.js';
import {
  asFastDense,
  foundWeights,
  patternName,
  requireNoNaN,
  speedReason,
  staysDense,
  type SparseWeightRuleOptions,
} from './weights-conversion.js';

/** How the layers of one class are converted. */
export interface LayerReader {
  readonly ops: readonly string[];
  /** Which of these layers the rule is for; default all. */
  takes?(layer: layers.Layer): boolean;
  /** Name of the sparse op that the new layer calls. */
  kernelOf(format: SparseFormat): string;
  /** Why a layer has no sparse form in this plugin, or null. */
  obstacleOf(layer: layers.Layer): string | null;
}

/** The rule for layers that multiply by a kernel. */
export function layerRule(
  { ops, takes = () => true, kernelOf, obstacleOf }: LayerReader,
  options: SparseWeightRuleOptions,
): LayerRule {
  return {
    ops,
    async convert(layer) {
      if (!takes(layer)) return null;
      const [kernel] = layer.getWeights();
      const values = await kernel.data();
      const found = foundWeights(layer.name, layer.getClassName(), kernel.shape, values);
      const { shape, sparsity } = found;
      const stays = (reason: string) => ({ shape, sparsity, kernel: null, reason }) as const;
      const obstacle = obstacleOf(layer) ?? staysDense(found, options);
      if (obstacle) return stays(obstacle);
      requireNoNaN(found, values);
      const replacement = await sparseReplacement(layer);
      if (!replacement) return stays(asFastDense);
      const { format } = replacement;
      return {
        shape,
        sparsity,
        pattern: patternName(format),
        kernel: kernelOf(format),
        reason: speedReason(format),
        replacement,
      };
    },
  };
}
