import { requireFormat } from '../../format-error.js';
import { fromStart, gatherElements, gatherNd, scatterElements, scatterRows } from '../../lowering/gathering.js';
import { axisOf, gather } from '../../lowering/slicing.js';
import { input, type OnnxOp, type OnnxOperation } from '../onnx-operation.js';

export const gatherOps: Readonly<Record<string, OnnxOp>> = {
  Gather(operation) {
    const { builder, attributes } = operation;
    const x = input(operation, 0);
    const axis = axisOf(attributes.integer('axis', 0), x.shape.length);
    return gather(builder, x, fromStart(builder, input(operation, 1), x.shape[axis]), axis);
  },
  GatherElements(operation) {
    const x = input(operation, 0);
    const axis = axisOf(operation.attributes.integer('axis', 0), x.shape.length);
    return gatherElements(operation.builder, x, input(operation, 1), axis);
  },
  GatherND(operation) {
    requireFormat(operation.attributes.integer('batch_dims', 0) === 0, 'convert', 'GatherND must have no batch_dims', operation.attributes.integer('batch_dims', 0)); // prettier-ignore
    return gatherNd(operation.builder, input(operation, 0), input(operation, 1));
  },
  ScatterElements: scatter,
  Scatter: scatter,
  ScatterND(operation) {
    const [x, indices, updates] = [0, 1, 2].map((i) => input(operation, i));
    return scatterRows(operation.builder, x, indices, updates, isSum(operation));
  },
};

function scatter(operation: OnnxOperation) {
  const [x, indices, updates] = [0, 1, 2].map((i) => input(operation, i));
  const axis = axisOf(operation.attributes.integer('axis', 0), x.shape.length);
  return scatterElements(operation.builder, x, indices, updates, axis, isSum(operation));
}

function isSum({ op, attributes }: OnnxOperation): boolean {
  const reduction = attributes.text('reduction', 'none');
  requireFormat(reduction === 'none' || reduction === 'add', 'convert', `${op} must have the reduction none or add`, reduction); // prettier-ignore
  return reduction === 'add';
}
