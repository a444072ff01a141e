import { requireFormat } from '../../format-error.js';
import { depthToSpace, spaceToDepth, tile, triangle } from '../../lowering/gathering.js';
import { reshape, squeeze, transpose, unsqueeze, wholeShape } from '../../lowering/layout.js';
import { padded } from '../../lowering/padding.js';
import { broadcastTo } from '../../lowering/products.js';
import { broadcastShape } from '../../lowering/elementwise.js';
import { axisOf, concat, slice, split } from '../../lowering/slicing.js';
import { plainOrder, sizesOf, type Length, type Value } from '../../lowering/value.js';
import { input, integersOf, knownInput, type OnnxOp, type OnnxOperation } from '../onnx-operation.js';

export const shapeOps: Readonly<Record<string, OnnxOp>> = {
  Identity: (operation) => input(operation, 0),
  Dropout(operation) {
    const isTraining = operation.inputs[2] && knownInput(operation, 2)[0] !== 0;
    requireFormat(!isTraining, 'convert', 'Dropout must be of a trained network', 'training_mode');
    return input(operation, 0);
  },
  Reshape(operation) {
    const { builder, attributes } = operation;
    const x = input(operation, 0);
    const given = attributes.integers('shape') ?? sizes(operation, 1);
    const copies = attributes.integer('allowzero', 0) === 0;
    return reshape(builder, x, wholeShape(builder, x.shape, given.map((length, i) => (length === 0 && copies ? x.shape[i] : length)))); // prettier-ignore
  },
  Flatten(operation) {
    const { builder, attributes } = operation;
    const x = input(operation, 0);
    const axis = attributes.integer('axis', 1);
    const first = axis < 0 ? axis + x.shape.length : axis;
    const product = (lengths: readonly Length[]) => lengths.reduce((all, length) => builder.times(all, length), 1);
    return reshape(builder, x, [product(x.shape.slice(0, first)), product(x.shape.slice(first))]);
  },
  Squeeze(operation) {
    const x = input(operation, 0);
    const given = integersOf(operation, 'axes', 1)?.map((axis) => axisOf(axis, x.shape.length));
    const axes = given ?? plainOrder(x.shape.length).filter((axis) => x.shape[axis] === 1);
    return squeeze(operation.builder, x, axes);
  },
  Unsqueeze(operation) {
    const x = input(operation, 0);
    const axes = integersOf(operation, 'axes', 1) ?? [];
    return unsqueeze(operation.builder, x, axes.map((axis) => axisOf(axis, x.shape.length + axes.length))); // prettier-ignore
  },
  Transpose(operation) {
    const x = input(operation, 0);
    const axes = operation.attributes.integers('perm') ?? plainOrder(x.shape.length).reverse();
    return transpose(operation.builder, x, axes);
  },
  Expand(operation) {
    const x = input(operation, 0);
    return broadcastTo(operation.builder, x, broadcastShape([x.shape, sizes(operation, 1)]));
  },
  Tile: (operation) => tile(operation.builder, input(operation, 0), sizes(operation, 1)),
  Concat(operation) {
    const { builder, attributes, inputs } = operation;
    const axis = axisOf(attributes.integer('axis', 1), input(operation, 0).shape.length);
    return concat(builder, inputs as readonly Value[], axis);
  },
  Split(operation) {
    const { builder, attributes, outputs } = operation;
    const x = input(operation, 0);
    const axis = axisOf(attributes.integer('axis', 0), x.shape.length);
    const given = integersOf(operation, 'split', 1);
    if (given) return split(builder, x, axis, given);
    const length = x.shape[axis];
    requireFormat(typeof length === 'number', 'convert', 'a Split must be of an axis of known size', length);
    const each = Math.ceil(length / attributes.integer('num_outputs', outputs));
    return split(builder, x, axis, plainOrder(outputs).map((i) => Math.min(each, length - i * each))); // prettier-ignore
  },
  Slice(operation) {
    const x = input(operation, 0);
    const starts = integersOf(operation, 'starts', 1) ?? [];
    const axes = integersOf(operation, 'axes', 3) ?? plainOrder(starts.length);
    const steps = operation.inputs[4] ? knownInput(operation, 4) : starts.map(() => 1);
    const ends = operation.attributes.integers('ends') ?? sizes(operation, 2);
    const ranges = starts.map((start, i) => {
      const axis = axisOf(axes[i], x.shape.length);
      const end = endOf(ends[i], x.shape[axis]);
      return { axis, start: start <= -(2 ** 31) ? -Infinity : start, end, step: steps[i] };
    });
    return slice(operation.builder, x, ranges);
  },
  Shape(operation) {
    const { builder, attributes } = operation;
    const { shape } = input(operation, 0);
    return builder.integers(shape.slice(attributes.integer('start', 0), attributes.integer('end', shape.length)));
  },
  Size(operation) {
    const { builder } = operation;
    const count = input(operation, 0).shape.reduce<Length>((all, length) => builder.times(all, length), 1);
    return builder.integers([count], []);
  },
  Pad(operation) {
    const { builder, attributes, opset } = operation;
    const x = input(operation, 0);
    const given = (opset < 11 && attributes.integers('pads')) || knownInput(operation, 1);
    const axes = operation.inputs[3]
      ? knownInput(operation, 3).map((axis) => axisOf(axis, x.shape.length))
      : plainOrder(x.shape.length);
    const mode = attributes.text('mode', 'constant');
    const fill = operation.inputs[2] ? knownInput(operation, 2)[0] : attributes.number('value', 0);
    const pads = plainOrder(x.shape.length).map((axis): [number, number] => {
      const place = axes.indexOf(axis);
      return place < 0 ? [0, 0] : [given[place], given[place + axes.length]];
    });
    return padded(builder, x, pads, mode, fill);
  },
  DepthToSpace(operation) {
    const { builder, attributes } = operation;
    return depthToSpace(builder, input(operation, 0), attributes.integer('blocksize'), blockOrder(operation));
  },
  SpaceToDepth(operation) {
    const { builder, attributes } = operation;
    return spaceToDepth(builder, input(operation, 0), attributes.integer('blocksize'), blockOrder(operation));
  },
  Trilu(operation) {
    const { builder, attributes, inputs } = operation;
    const diagonal = inputs[1] ? knownInput(operation, 1)[0] : 0;
    return triangle(builder, input(operation, 0), attributes.integer('upper', 1) !== 0, diagonal);
  },
};

function blockOrder({ attributes }: OnnxOperation): 'DCR' | 'CRD' {
  return attributes.text('mode', 'DCR') === 'CRD' ? 'CRD' : 'DCR';
}

/** The end of a slice; a size that is the axis' own is all of it. */
function endOf(end: Length, length: Length): number {
  if (end === length || (typeof end === 'number' && end >= 2 ** 31 - 1)) return Infinity;
  requireFormat(typeof end === 'number', 'convert', 'an end of a Slice must be known before a run', end);
  return end;
}

function sizes(operation: OnnxOperation, index: number): readonly Length[] {
  const found = sizesOf(input(operation, index));
  requireFormat(found !== null, 'convert', `input ${index} of ${operation.op} must be sizes that are known`, 'a value that is computed'); // prettier-ignore
  return found;
}
