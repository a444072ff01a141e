import { clamp, elu, gelu, hardSwish, leakyRelu, prelu } from '../../lowering/activations.js';
import { unary, withNumber } from '../../lowering/elementwise.js';
import { logSoftmax, softmax } from '../../lowering/reductions.js';
import { input, type TfliteOp } from '../tflite-operation.js';
import { mapped } from './mapped.js';

// The only fields of SoftmaxOptions, LeakyReluOptions and GeluOptions.
const fields = { beta: 0, alpha: 0, isApproximate: 0 };

export const activationOps: Readonly<Record<string, TfliteOp>> = {
  ...mapped({ LOGISTIC: 'Sigmoid', TANH: 'Tanh' }, (operation, op) =>
    unary(operation.builder, op, input(operation, 0)),
  ),
  RELU: (operation) => clamp(operation.builder, input(operation, 0), 0, Infinity),
  RELU6: (operation) => clamp(operation.builder, input(operation, 0), 0, 6),
  RELU_N1_TO_1: (operation) => clamp(operation.builder, input(operation, 0), -1, 1),
  RELU_0_TO_1: (operation) => clamp(operation.builder, input(operation, 0), 0, 1),
  LEAKY_RELU: ({ options, ...rest }) => leakyRelu(rest.builder, input({ options, ...rest }, 0), options.number(fields.alpha)), // prettier-ignore
  PRELU: (operation) => prelu(operation.builder, input(operation, 0), input(operation, 1)),
  ELU: (operation) => elu(operation.builder, input(operation, 0), 1),
  HARD_SWISH: (operation) => hardSwish(operation.builder, input(operation, 0)),
  GELU: (operation) => gelu(operation.builder, input(operation, 0), operation.options.flag(fields.isApproximate)),
  SOFTMAX(operation) {
    const { builder, options } = operation;
    const x = input(operation, 0);
    const beta = options.number(fields.beta);
    return softmax(builder, beta === 1 ? x : withNumber(builder, 'Mul', x, beta), x.shape.length - 1);
  },
  LOG_SOFTMAX(operation) {
    const x = input(operation, 0);
    return logSoftmax(operation.builder, x, x.shape.length - 1);
  },
};
