import {
  absorbEpilogues,
  foldPads,
  rulePass,
  type ConverterPlugin,
  type GraphNode,
  type RuleSet,
} from '@tfjs-sparse/converter';
import { graphOps } from './graph-ops.js';
import './layers.js';
import { conv1x1Rule } from './conv1x1/convert.js';
import { conv2DRule } from './conv2d/convert.js';
import { depthwiseEpilogue, depthwiseRule } from './depthwise-conv2d/convert.js';
import { productEpilogue } from './matmul/product-conversion.js';
import { unsupportedRule } from './matmul/unsupported-conversion.js';
import { kernelOf } from './pattern/convert.js';
import { requireOptions, type SparseWeightRuleOptions } from './matmul/weights-conversion.js';
import { quantizationRules } from './quantized-matmul/convert.js';
import { joinSeparable } from './separable-conv2d/convert.js';
import { matMulRule } from './sparse-matmul/convert.js';

export { quantizationRules } from './quantized-matmul/convert.js';
export type { FoundWeights, SparseWeightRuleOptions } from './matmul/weights-conversion.js';

/** For `convertFile` and the command line of `@tfjs-sparse/converter`. */
export const converterPlugin: ConverterPlugin = {
  name: '@tfjs-sparse/sparse-matmul',
  rules: sparseWeightRules(),
  quantizationRules: quantizationRules(),
  graphOps,
  kernelOf,
};

/**
 * Rules that put products whose weights already hold zeros onto ops with sparse weights: `MatMul`, `_FusedMatMul`,
 * `Conv2D` and `_FusedConv2D` of graph models (with bias, ReLU and ReLU6 fused; other activations become a node of their
 * own), `Dense` and `Conv2D` of layers models. Zeros are not stored. Where a model becomes sparse, its depthwise
 * convolutions run on this plugin's kernel too. Results differ by rounding only.
 *
 * @throws RangeError for a wrong option; while converting for NaN among weights that would become sparse
 */
export function sparseWeightRules(options: SparseWeightRuleOptions = {}): RuleSet {
  requireOptions(options);
  const epilogueOf = (node: GraphNode) => productEpilogue(node) ?? depthwiseEpilogue(node);
  return {
    rules: [matMulRule(options), conv1x1Rule(options), conv2DRule(options), unsupportedRule],
    passes: [
      { graph: foldPads },
      rulePass(depthwiseRule),
      { graph: (graph) => absorbEpilogues(graph, epilogueOf) },
      { graph: joinSeparable },
    ],
  };
}
