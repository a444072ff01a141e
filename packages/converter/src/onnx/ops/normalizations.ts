import { requireFormat } from '../../format-error.js';
import { elementwise, unary, withNumber } from '../../lowering/elementwise.js';
import {
  batchNormalization,
  groupNormalization,
  layerNormalization,
  localResponse,
  rmsNormalization,
} from '../../lowering/normalization.js';
import { norm, reduce, variance } from '../../lowering/reductions.js';

import { axisOf, gather } from '../../lowering/slicing.js';
import { plainOrder } from '../../lowering/value.js';
import { input, type OnnxOp } from '../onnx-operation.js';

export const normalizationOps: Readonly<Record<string, OnnxOp>> = {
  BatchNormalization(operation) {
    const { builder, attributes } = operation;
    requireFormat(attributes.integer('training_mode', 0) === 0, 'convert', 'BatchNormalization must be of a trained network', 'training_mode 1'); // prettier-ignore
    const [x, scale, shift, mean, spread] = [0, 1, 2, 3, 4].map((i) => input(operation, i));
    return batchNormalization(builder, x, { scale, shift, mean, variance: spread }, attributes.number('epsilon', 1e-5));
  },
  InstanceNormalization(operation) {
    const [x, scale, shift] = [0, 1, 2].map((i) => input(operation, i));
    const epsilon = operation.attributes.number('epsilon', 1e-5);
    return groupNormalization(operation.builder, x, x.shape[1] as number, scale, shift, epsilon);
  },
  GroupNormalization(operation) {
    const { builder, attributes, opset } = operation;
    const [x, ...factors] = [0, 1, 2].map((i) => input(operation, i));
    const groups = attributes.integer('num_groups');
    const channels = x.shape[1] as number;
    // Version 18 has one factor for each group.
    const perGroup = builder.integers(plainOrder(channels).map((channel) => Math.floor((channel * groups) / channels)));
    const [scale, shift] = factors.map((factor) => (opset < 21 ? gather(builder, factor, perGroup, 0) : factor));
    return groupNormalization(builder, x, groups, scale, shift, attributes.number('epsilon', 1e-5));
  },
  LayerNormalization(operation) {
    const { builder, attributes, inputs } = operation;
    const x = input(operation, 0);
    const axis = axisOf(attributes.integer('axis', -1), x.shape.length);
    const epsilon = attributes.number('epsilon', 1e-5);
    return layerNormalization(builder, x, input(operation, 1), inputs[2] ?? null, axis, epsilon);
  },
  RMSNormalization(operation) {
    const { builder, attributes } = operation;
    const x = input(operation, 0);
    const axis = axisOf(attributes.integer('axis', -1), x.shape.length);
    return rmsNormalization(builder, x, input(operation, 1), axis, attributes.number('epsilon', 1e-5));
  },
  MeanVarianceNormalization(operation) {
    const { builder, attributes } = operation;
    const x = input(operation, 0);
    const axes = attributes.integers('axes') ?? [0, 2, 3];
    const centred = elementwise(builder, 'Sub', [x, reduce(builder, 'Mean', x, axes, true)]);
    const deviation = unary(builder, 'Sqrt', variance(builder, x, axes, true));
    return elementwise(builder, 'RealDiv', [centred, withNumber(builder, 'AddV2', deviation, 1e-9)]);
  },
  LpNormalization(operation) {
    const { builder, attributes } = operation;
    const x = input(operation, 0);
    const axis = axisOf(attributes.integer('axis', -1), x.shape.length);
    return elementwise(builder, 'DivNoNan', [x, norm(builder, x, attributes.integer('p', 2), [axis], true)]);
  },
  LRN(operation) {
    const { builder, attributes } = operation;
    const [alpha, beta] = [attributes.number('alpha', 1e-4), attributes.number('beta', 0.75)];
    return localResponse(builder, input(operation, 0), attributes.integer('size'), alpha, beta, attributes.number('bias', 1)); // prettier-ignore
  },
};
