import { constantOf, weightValues, type Rule } from '@tfjs-sparse/converter';
import { foundWeights } from './weights-conversion.js';

const reason = 'there is no kernel for sparse weights of this operation';

/** Says of products with constant weights that stay as they are that they do. */
export const unsupportedRule: Rule = {
  graph: {
    ops: ['BatchMatMul', 'BatchMatMulV2', 'Conv2DBackpropInput', 'Conv3D'],
    async convert(node) {
      const weight = constantOf(node.inputs[1]);
      if (weight?.spec.dtype !== 'float32') return null;
      const { shape, sparsity } = foundWeights(node.name, node.op, weight.spec.shape, await weightValues(weight));
      return { shape, sparsity, kernel: null, reason };
    },
  },
  layers: {
    ops: ['Conv1D', 'Conv2DTranspose', 'Conv3D', 'Conv3DTranspose', 'SeparableConv2D', 'SimpleRNN', 'GRU', 'LSTM'],
    async convert(layer) {
      const [kernel] = layer.getWeights();
      const { shape, sparsity } = foundWeights(layer.name, layer.getClassName(), kernel.shape, await kernel.data());
      return { shape, sparsity, kernel: null, reason };
    },
  },
};
