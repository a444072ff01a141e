import { absorbEpilogues, foldPads, rulePass, type GraphNode, type RuleSet } from '@tfjs-sparse/converter';
import './graph-ops.js';
import './layers.js';
import { conv1x1Rule } from './conv1x1/convert.js';
import { depthwiseEpilogue, depthwiseRule } from './depthwise-conv2d/convert.js';
import { productEpilogue } from './matmul/product-conversion.js';
import { requireOptions, type SparseWeightRuleOptions } from './matmul/weights-conversion.js';
import { joinSeparable } from './separable-conv2d/convert.js';
import { matMulRule } from './sparse-matmul/convert.js';

export type { FoundWeights, SparseWeightRuleOptions } from './matmul/weights-conversion.js';

/**
 * Rules that put products whose weights already hold zeros onto ops with sparse weights: `MatMul`, `_FusedMatMul`, 1 x 1
 * `Conv2D` and `_FusedConv2D` of graph models (with bias, ReLU and ReLU6 fused; other activations become a node of their
 * own), `Dense` and 1 x 1 `Conv2D` of layers models. Zeros are not stored. Where a model becomes sparse, its depthwise
 * convolutions run on this plugin's kernel too. Results differ by rounding only.
 *
 * @throws RangeError for a wrong option; while converting for NaN among weights that would become sparse
 */
export function sparseWeightRules(options: SparseWeightRuleOptions = {}): RuleSet {
  requireOptions(options);
  const epilogueOf = (node: GraphNode) => productEpilogue(node) ?? depthwiseEpilogue(node);
  return {
    rules: [matMulRule(options), conv1x1Rule(options)],
    passes: [
      { graph: foldPads },
      rulePass(depthwiseRule),
      { graph: (graph) => absorbEpilogues(graph, epilogueOf) },
      { graph: joinSeparable },
    ],
  };
}
