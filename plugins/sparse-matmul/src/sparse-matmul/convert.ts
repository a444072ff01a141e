import { isTrue, type Rule } from '@tfjs-sparse/converter';
import { layerRule } from '../matmul/layer-conversion.js';
import { productRule } from '../matmul/product-conversion.js';
import type { SparseWeightRuleOptions } from '../matmul/weights-conversion.js';
import type { SparseFormat } from '../pattern/choose-format.js';
import { graphOp } from './graph-op.js';

/** Matrix products and dense layers. */
export function matMulRule(options: SparseWeightRuleOptions): Rule {
  return {
    graph: productRule(
      {
        ops: ['MatMul', '_FusedMatMul'],
        graphOp,
        kernelOf: ({ format }) => kernelOf(format),
        isMatrix: ({ length }) => length === 2,
        read: (node) =>
          isTrue(node, 'transpose_a')
            ? 'its input is transposed'
            : { isTransposed: isTrue(node, 'transpose_b'), attributes: {} },
      },
      options,
    ),
    layers: layerRule({ ops: ['Dense'], kernelOf, obstacleOf: () => null }, options),
  };
}

function kernelOf({ groups }: SparseFormat): string {
  return groups ? 'nmMatMul' : 'sparseMatMul';
}
