import {
  clamp,
  elu,
  gelu,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  mish,
  prelu,
  swish,
  threshold,
  withNumberIs,
} from '../../lowering/activations.js';
import { cast, elementwise, select, unary, withNumber } from '../../lowering/elementwise.js';
import { reshape } from '../../lowering/layout.js';
import { ofChannels } from '../../lowering/normalization.js';
import { logSoftmax, reduce, softmax } from '../../lowering/reductions.js';
import { split } from '../../lowering/slicing.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import type { Value } from '../../lowering/value.js';
import { requireTrained, type AtenOp, type AtenOperation } from '../aten-operation.js';
import { mapped } from './mapped.js';

const lowest = -1e30; // its exponential is 0, and sums of it are finite

export const activationOps: Readonly<Record<string, AtenOp>> = {
  ...mapped({ relu: 'Relu', sigmoid: 'Sigmoid', tanh: 'Tanh', relu6: 'Relu6' }, (operation, op) => {
    return unary(operation.builder, op, operation.tensor('self'));
  }),
  hardtanh(operation) {
    const [low, high] = [operation.number('min_val', -1), operation.number('max_val', 1)];
    return clamp(operation.builder, operation.tensor('self'), low, high);
  },
  hardsigmoid: (operation) => hardSigmoid(operation.builder, operation.tensor('self'), 1 / 6, 0.5),
  hardswish: (operation) => hardSwish(operation.builder, operation.tensor('self')),
  silu: (operation) => swish(operation.builder, operation.tensor('self')),
  mish: (operation) => mish(operation.builder, operation.tensor('self')),
  gelu: (operation) =>
    gelu(operation.builder, operation.tensor('self'), operation.text('approximate', 'none') === 'tanh'),
  leaky_relu: (operation) =>
    leakyRelu(operation.builder, operation.tensor('self'), operation.number('negative_slope', 0.01)),
  elu(operation) {
    const { builder } = operation;
    const [alpha, scale, inner] = [operation.number('alpha', 1), operation.number('scale', 1), operation.number('input_scale', 1)]; // prettier-ignore
    const y = elu(builder, operation.tensor('self'), alpha, 1 / inner);
    return scale === 1 ? y : withNumber(builder, 'Mul', y, scale);
  },
  celu(operation) {
    const alpha = operation.number('alpha', 1);
    return elu(operation.builder, operation.tensor('self'), alpha, alpha);
  },
  selu: (operation) => unary(operation.builder, 'Selu', operation.tensor('self')),
  softplus,
  prelu: (operation) => preluOfChannels(operation.builder, operation.tensor('self'), operation.tensor('weight')),
  _prelu_kernel(operation) {
    return prelu(operation.builder, operation.tensor('self'), operation.tensor('weight'));
  },
  rrelu: betweenSlopes,
  rrelu_with_noise_functional: (operation) => [betweenSlopes(operation), null],
  threshold(operation) {
    const [limit, fill] = [operation.number('threshold'), operation.number('value')];
    return threshold(operation.builder, operation.tensor('self'), limit, fill);
  },
  hardshrink(operation) {
    const { builder } = operation;
    const x = operation.tensor('self');
    const isFar = withNumberIs(builder, 'Greater', unary(builder, 'Abs', x), operation.number('lambd', 0.5));
    return select(builder, isFar, x, builder.scalar(0));
  },
  softshrink(operation) {
    const { builder } = operation;
    const x = operation.tensor('self');
    const lambda = operation.number('lambd', 0.5);
    return elementwise(builder, 'Sub', [x, clamp(builder, x, -lambda, lambda)]);
  },
  log_sigmoid: (operation) => logSigmoid(operation.builder, operation.tensor('self')),
  log_sigmoid_forward: (operation) => [logSigmoid(operation.builder, operation.tensor('self')), null],
  glu(operation) {
    const { builder } = operation;
    const x = operation.tensor('self');
    const axis = operation.axis('dim', x.shape.length, -1);
    const half = (x.shape[axis] as number) / 2;
    const [value, gate] = split(builder, x, axis, [half, half]);
    return elementwise(builder, 'Mul', [value, unary(builder, 'Sigmoid', gate)]);
  },
  softmax: (operation) => along(operation, softmax),
  _softmax: (operation) => along(operation, softmax),
  log_softmax: (operation) => along(operation, logSoftmax),
  _log_softmax: (operation) => along(operation, logSoftmax),
  _safe_softmax: (operation) =>
    along(operation, (builder, x, axis) => {
      const seen = withNumber(builder, 'Maximum', x, lowest);
      const isAny = withNumberIs(builder, 'Greater', reduce(builder, 'Max', x, [axis], true), lowest);
      return elementwise(builder, 'Mul', [softmax(builder, seen, axis), cast(builder, isAny, 'float32')]);
    }),
};

function along(operation: AtenOperation, of: typeof softmax): Value {
  const { builder } = operation;
  const x = cast(builder, operation.tensor('self'), 'float32');
  if (x.shape.length === 0) return reshape(builder, of(builder, reshape(builder, x, [1]), 0), []);
  return of(builder, x, operation.axis('dim', x.shape.length));
}

/** `log(1 + e^(beta x)) / beta`, and `x` itself above the threshold. */
function softplus(operation: AtenOperation): Value {
  const { builder } = operation;
  const x = operation.tensor('self');
  const beta = operation.number('beta', 1);
  if (beta === 1) return unary(builder, 'Softplus', x);
  return withNumber(builder, 'Mul', unary(builder, 'Softplus', withNumber(builder, 'Mul', x, beta)), 1 / beta);
}

function logSigmoid(builder: TensorBuilder, x: Value): Value {
  return unary(builder, 'Neg', unary(builder, 'Softplus', unary(builder, 'Neg', x)));
}

/** Random slopes of training are their mean. */
function betweenSlopes(operation: AtenOperation): Value {
  requireTrained(operation, 'training');
  const slope = (operation.number('lower', 1 / 8) + operation.number('upper', 1 / 3)) / 2;
  return leakyRelu(operation.builder, operation.tensor('self'), slope);
}

/** @param slope one, or one for each channel `[channels]` */
function preluOfChannels(builder: TensorBuilder, x: Value, slope: Value): Value {
  const isOfChannels = slope.shape.length === 1 && slope.shape[0] !== 1 && x.shape.length > 2;
  return prelu(builder, x, isOfChannels ? ofChannels(builder, slope, x) : slope);
}
