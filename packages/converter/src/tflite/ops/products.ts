import { requireFormat } from '../../format-error.js';
import { reshape, transpose, wholeShape } from '../../lowering/layout.js';
import { matMul } from '../../lowering/products.js';
import { plainOrder, type Value } from '../../lowering/value.js';
import { activatedProduct } from '../fused-activation.js';
import { input, type TfliteOp, type TfliteOperation } from '../tflite-operation.js';

const connectedFields = { activation: 0, weightsFormat: 1, keepsAxes: 2 }; // of FullyConnectedOptions
const productFields = { isSwappedA: 0, isSwappedB: 1 }; // of BatchMatMulOptions

export const productOps: Readonly<Record<string, TfliteOp>> = {
  /** Weights `[out, in]`, and a bias. */
  FULLY_CONNECTED(operation) {
    const { builder, options } = operation;
    const [x, weights] = [input(operation, 0), input(operation, 1)];
    const format = options.code(connectedFields.weightsFormat);
    requireFormat(format === 0, 'readTflite', 'weights of FULLY_CONNECTED must have the format 0', format);
    requireFormat(weights.shape.length === 2, 'readTflite', 'weights of FULLY_CONNECTED must have 2 axes', weights.shape.length); // prettier-ignore
    const [outputs, depth] = weights.shape;
    const rows = reshape(builder, x, wholeShape(builder, x.shape, [-1, depth]));
    const product = matMul(builder, rows, transpose(builder, weights, [1, 0]));
    const sums = activatedProduct(operation, product, operation.inputs[2] ?? null, connectedFields.activation);
    return options.flag(connectedFields.keepsAxes) ? reshape(builder, sums, [...x.shape.slice(0, -1), outputs]) : sums;
  },
  BATCH_MATMUL(operation) {
    const a = swapped(operation, 0, productFields.isSwappedA);
    return matMul(operation.builder, a, swapped(operation, 1, productFields.isSwappedB));
  },
};

/** With the last two axes swapped where the options say so. */
function swapped(operation: TfliteOperation, index: number, field: number): Value {
  const x = input(operation, index);
  const rank = x.shape.length;
  requireFormat(rank >= 2, 'readTflite', 'BATCH_MATMUL must be of matrices', `${rank} axes`);
  if (!operation.options.flag(field)) return x;
  return transpose(operation.builder, x, [...plainOrder(rank - 2), rank - 1, rank - 2]);
}
