import { requireFormat } from '../../format-error.js';
import { elementwise } from '../../lowering/elementwise.js';
import {
  batchNormalization,
  groupNormalization,
  layerNormalization,
  ofChannels,
  rmsNormalization,
  scaled,
  standardized,
} from '../../lowering/normalization.js';
import { norm } from '../../lowering/reductions.js';
import { plainOrder, type Value } from '../../lowering/value.js';
import { reader, requireTrained, type AtenOp, type AtenOperation } from '../aten-operation.js';

const singleEpsilon = 2 ** -23; // of float32: what PyTorch's rms_norm takes where it is given none

export const normalizationOps: Readonly<Record<string, AtenOp>> = {
  batch_norm(operation) {
    if (!operation.has('running_mean')) return ofItself(operation);
    requireTrained(operation, 'training');
    return ofBatches(operation);
  },
  native_batch_norm(operation) {
    requireTrained(operation, 'training');
    return [ofBatches(operation), null, null];
  },
  _native_batch_norm_legit_no_training: (operation) => [ofBatches(operation), null, null],
  '_native_batch_norm_legit.no_stats': (operation) => [ofItself(operation), null, null],
  layer_norm: (operation) => ofLastAxes(operation),
  native_layer_norm: (operation) => [ofLastAxes(operation), null, null],
  rms_norm: (operation) => ofRoots(operation),
  _fused_rms_norm: (operation) => [ofRoots(operation), null],
  group_norm: (operation) => ofGroups(operation, operation.number('num_groups')),
  native_group_norm: (operation) => [ofGroups(operation, operation.number('group')), null, null],
  instance_norm(operation) {
    const isOfInput = operation.isTrue('use_input_stats');
    requireFormat(isOfInput, reader, 'aten.instance_norm must use the statistics of its input', 'stored ones');
    return ofGroups(operation, operation.tensor('input').shape[1] as number);
  },
  _weight_norm: (operation) => weightNorm(operation),
  _weight_norm_interface: (operation) => [weightNorm(operation), null],
};

function ofBatches(operation: AtenOperation): Value {
  const [mean, variance] = [operation.tensor('running_mean'), operation.tensor('running_var')];
  const statistics = { scale: operation.tensorOrNull('weight'), shift: operation.tensorOrNull('bias'), mean, variance };
  return batchNormalization(operation.builder, operation.tensor('input'), statistics, operation.number('eps'));
}

/** By its own mean and variance: without stored ones, as of standardized weights. */
function ofItself(operation: AtenOperation): Value {
  const { builder } = operation;
  const x = operation.tensor('input');
  const axes = plainOrder(x.shape.length).filter((axis) => axis !== 1);
  const factors = ['weight', 'bias'].map((name) => operation.tensorOrNull(name));
  const [scale, shift] = factors.map((value) => value && ofChannels(builder, value, x));
  return scaled(builder, standardized(builder, x, axes, operation.number('eps')), scale, shift);
}

function ofLastAxes(operation: AtenOperation): Value {
  const x = operation.tensor('input');
  const axis = x.shape.length - operation.lengths('normalized_shape').length;
  const [scale, shift] = [operation.tensorOrNull('weight'), operation.tensorOrNull('bias')];
  return layerNormalization(operation.builder, x, scale, shift, axis, operation.number('eps', 1e-5));
}

function ofRoots(operation: AtenOperation): Value {
  const x = operation.tensor('input');
  const axis = x.shape.length - operation.lengths('normalized_shape').length;
  const epsilon = operation.number('eps', singleEpsilon);
  return rmsNormalization(operation.builder, x, operation.tensorOrNull('weight'), axis, epsilon);
}

function ofGroups(operation: AtenOperation, groups: number): Value {
  const [scale, shift] = [operation.tensorOrNull('weight'), operation.tensorOrNull('bias')];
  const epsilon = operation.number('eps', 1e-5);
  return groupNormalization(operation.builder, operation.tensor('input'), groups, scale, shift, epsilon);
}

/** `g v / |v|`, with one length for each place of the axis `dim`. */
function weightNorm(operation: AtenOperation): Value {
  const { builder } = operation;
  const [v, g] = [operation.tensor('v'), operation.tensor('g')];
  const axis = operation.number('dim', 0);
  const others = plainOrder(v.shape.length).filter((each) => each !== axis);
  return elementwise(builder, 'Mul', [v, elementwise(builder, 'RealDiv', [g, norm(builder, v, 2, others, true)])]);
}
