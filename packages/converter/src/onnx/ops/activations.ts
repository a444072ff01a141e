import {
  clamp,
  elu,
  gelu,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  mish,
  prelu,
  softsign,
  swish,
  threshold,
  withNumberIs,
} from '../../lowering/activations.js';
import { select, unary, withNumber } from '../../lowering/elementwise.js';
import { logSoftmax, softmax } from '../../lowering/reductions.js';
import { reshape } from '../../lowering/layout.js';
import { axisOf } from '../../lowering/slicing.js';
import type { Length, Value } from '../../lowering/value.js';
import { input, knownInput, type OnnxOp, type OnnxOperation } from '../onnx-operation.js';

export const activationOps: Readonly<Record<string, OnnxOp>> = {
  Relu: (operation) => simple(operation, 'Relu'),
  Sigmoid: (operation) => simple(operation, 'Sigmoid'),
  Tanh: (operation) => simple(operation, 'Tanh'),
  Softplus: (operation) => simple(operation, 'Softplus'),
  LeakyRelu: (operation) =>
    leakyRelu(operation.builder, input(operation, 0), operation.attributes.number('alpha', 0.01)),
  Elu: (operation) => elu(operation.builder, input(operation, 0), operation.attributes.number('alpha', 1)),
  Celu(operation) {
    const alpha = operation.attributes.number('alpha', 1);
    return elu(operation.builder, input(operation, 0), alpha, alpha);
  },
  Selu(operation) {
    const { builder, attributes } = operation;
    const [alpha, gamma] = [attributes.number('alpha', 1.6732632), attributes.number('gamma', 1.050701)];
    return withNumber(builder, 'Mul', elu(builder, input(operation, 0), alpha), gamma);
  },
  PRelu: (operation) => prelu(operation.builder, input(operation, 0), input(operation, 1)),
  ThresholdedRelu: (operation) =>
    threshold(operation.builder, input(operation, 0), operation.attributes.number('alpha', 1), 0),
  Shrink(operation) {
    const { builder, attributes } = operation;
    const x = input(operation, 0);
    const [lambda, bias] = [attributes.number('lambd', 0.5), attributes.number('bias', 0)];
    const above = select(builder, withNumberIs(builder, 'Greater', x, lambda), withNumber(builder, 'Sub', x, bias), builder.scalar(0)); // prettier-ignore
    return select(builder, withNumberIs(builder, 'Less', x, -lambda), withNumber(builder, 'AddV2', x, bias), above);
  },
  HardSigmoid(operation) {
    const { builder, attributes } = operation;
    return hardSigmoid(builder, input(operation, 0), attributes.number('alpha', 0.2), attributes.number('beta', 0.5));
  },
  HardSwish: (operation) => hardSwish(operation.builder, input(operation, 0)),
  Mish: (operation) => mish(operation.builder, input(operation, 0)),
  Softsign: (operation) => softsign(operation.builder, input(operation, 0)),
  Swish: (operation) => swish(operation.builder, input(operation, 0), operation.attributes.number('alpha', 1)),
  Gelu(operation) {
    const isTanh = operation.attributes.text('approximate', 'none') === 'tanh';
    return gelu(operation.builder, input(operation, 0), isTanh);
  },
  Clip(operation) {
    const { builder, attributes, inputs } = operation;
    const limit = (name: string, index: number, none: number) =>
      attributes.has(name) ? attributes.number(name) : inputs[index] ? knownInput(operation, index)[0] : none;
    return clamp(builder, input(operation, 0), limit('min', 1, -Infinity), limit('max', 2, Infinity));
  },
  Softmax: (operation) => along(operation, softmax),
  LogSoftmax: (operation) => along(operation, logSoftmax),
};

function simple(operation: OnnxOperation, op: string): Value {
  return unary(operation.builder, op, input(operation, 0));
}

/** Until version 13 all axes from `axis` on were one. */
function along(operation: OnnxOperation, of: typeof softmax): Value {
  const { builder, attributes, opset } = operation;
  const x = input(operation, 0);
  const axis = axisOf(attributes.integer('axis', opset < 13 ? 1 : -1), x.shape.length);
  if (opset >= 13) return of(builder, x, axis);
  const product = (lengths: readonly Length[]) => lengths.reduce((all, length) => builder.times(all, length), 1);
  const rows = reshape(builder, x, [product(x.shape.slice(0, axis)), product(x.shape.slice(axis))]);
  return reshape(builder, of(builder, rows, 1), x.shape);
}
