import { requireFormat } from '../../format-error.js';
import { broadcastShape } from '../../lowering/elementwise.js';
import { depthToSpace, reverse, spaceToDepth, tile } from '../../lowering/gathering.js';
import { reshape, squeeze, transpose, unsqueeze, wholeShape } from '../../lowering/layout.js';
import { padded } from '../../lowering/padding.js';
import { broadcastTo } from '../../lowering/products.js';
import { axisOf, concat } from '../../lowering/slicing.js';
import { numbersOf, plainOrder, type Value } from '../../lowering/value.js';
import { activated } from '../fused-activation.js';
import {
  input,
  knownInput,
  requireRank,
  sizesInput,
  type TfliteOp,
  type TfliteOperation,
} from '../tflite-operation.js';
import { channelsFirst, channelsLast } from './images.js';

const reshapeFields = { shape: 0 };
const squeezeFields = { axes: 0 };
const concatenationFields = { axis: 0, activation: 1 };
const mirrorFields = { mode: 0 };
const blockFields = { size: 0 }; // of SpaceToDepthOptions and DepthToSpaceOptions
const mirrorModes = ['reflect', 'symmetric'];

/** Operators that move whole axes, or put elements around them. */
export const shapeOps: Readonly<Record<string, TfliteOp>> = {
  /** To the shape of an input, else of the options, else of the output. */
  RESHAPE(operation) {
    const { builder, inputs, options, outputs } = operation;
    const x = input(operation, 0);
    const given = options.integers(reshapeFields.shape);
    const shape = inputs[1] ? sizesInput(operation, 1) : given.length > 0 ? given : outputs[0].shape;
    return reshape(builder, x, wholeShape(builder, x.shape, shape));
  },
  SQUEEZE(operation) {
    const x = input(operation, 0);
    const given = operation.options.integers(squeezeFields.axes).map((axis) => axisOf(axis, x.shape.length));
    const areSingle = given.every((axis) => x.shape[axis] === 1);
    requireFormat(areSingle, 'readTflite', 'SQUEEZE must leave out axes of length 1', `[${x.shape}]`);
    const axes = given.length > 0 ? given : plainOrder(x.shape.length).filter((axis) => x.shape[axis] === 1);
    return squeeze(operation.builder, x, axes);
  },
  EXPAND_DIMS(operation) {
    const x = input(operation, 0);
    return unsqueeze(operation.builder, x, [axisOf(knownInput(operation, 1)[0], x.shape.length + 1)]);
  },
  TRANSPOSE(operation) {
    const x = input(operation, 0);
    const axes = knownInput(operation, 1).map((axis) => axisOf(axis, x.shape.length));
    const isPermutation = axes.length === x.shape.length && new Set(axes).size === axes.length;
    requireFormat(isPermutation, 'readTflite', `TRANSPOSE must name each of ${x.shape.length} axes once`, axes);
    return transpose(operation.builder, x, axes);
  },
  CONCATENATION(operation) {
    const { builder, inputs, options } = operation;
    const values = inputs.map((_, i) => input(operation, i));
    const axis = axisOf(options.integer(concatenationFields.axis), input(operation, 0).shape.length);
    requireLike(operation, values, axis);
    return activated(operation, concat(builder, values, axis), concatenationFields.activation);
  },
  PACK(operation) {
    const { builder, inputs, options } = operation;
    const axis = axisOf(options.integer(1), input(operation, 0).shape.length + 1); // behind the number of inputs
    const values = inputs.map((_, i) => unsqueeze(builder, input(operation, i), [axis]));
    requireLike(operation, values, axis);
    return concat(builder, values, axis);
  },
  TILE(operation) {
    const x = input(operation, 0);
    const repeats = sizesInput(operation, 1);
    requireFormat(repeats.length === x.shape.length, 'readTflite', `TILE must have ${x.shape.length} repeats`, repeats.length); // prettier-ignore
    return tile(operation.builder, x, repeats);
  },
  BROADCAST_TO(operation) {
    const x = input(operation, 0);
    return broadcastTo(operation.builder, x, broadcastShape([x.shape, sizesInput(operation, 1)]));
  },
  REVERSE_V2(operation) {
    const x = input(operation, 0);
    return reverse(operation.builder, x, knownInput(operation, 1).map((axis) => axisOf(axis, x.shape.length))); // prettier-ignore
  },
  PAD: (operation) => paddedBy(operation, 'constant', 0),
  PADV2: (operation) => paddedBy(operation, 'constant', knownInput(operation, 2)[0]),
  MIRROR_PAD: (operation) => paddedBy(operation, mirrorModes[operation.options.code(mirrorFields.mode)] ?? 'another', 0), // prettier-ignore
  DEPTH_TO_SPACE(operation) {
    const { builder } = operation;
    const x = input(operation, 0);
    const block = blockOf(operation, x);
    const isFitting = (x.shape[3] as number) % (block * block) === 0;
    requireFormat(isFitting, 'readTflite', `DEPTH_TO_SPACE must have a block whose square divides the ${x.shape[3]} channels`, block); // prettier-ignore
    return channelsLast(builder, depthToSpace(builder, channelsFirst(builder, x), block, 'DCR'));
  },
  SPACE_TO_DEPTH(operation) {
    const { builder } = operation;
    const x = input(operation, 0);
    const block = blockOf(operation, x);
    const isFitting = x.shape.slice(1, 3).every((length) => typeof length === 'string' || length % block === 0);
    requireFormat(isFitting, 'readTflite', `SPACE_TO_DEPTH must have a block that divides ${x.shape.slice(1, 3).join(' and ')} places`, block); // prettier-ignore
    return channelsLast(builder, spaceToDepth(builder, channelsFirst(builder, x), block, 'DCR'));
  },
};

function blockOf(operation: TfliteOperation, x: Value): number {
  requireRank(operation, x, 4);
  const block = operation.options.integer(blockFields.size);
  requireFormat(block >= 1, 'readTflite', `${operation.op} must have a block of at least 1`, block);
  return block;
}

function paddedBy(operation: TfliteOperation, mode: string, fill: number): Value {
  const x = input(operation, 0);
  const amounts = numbersOf(input(operation, 1));
  const isFitting = amounts?.length === 2 * x.shape.length && amounts.every((amount) => amount >= 0);
  requireFormat(isFitting, 'readTflite', `${operation.op} must have 2 known amounts for each of ${x.shape.length} axes`, amounts ?? 'a value that is computed'); // prettier-ignore
  const pads = x.shape.map((_, axis): [number, number] => [amounts[2 * axis], amounts[2 * axis + 1]]);
  return padded(operation.builder, x, pads, mode, fill);
}

/** @throws FormatError for tensors that differ in other axes */
function requireLike({ op }: TfliteOperation, values: readonly Value[], axis: number): void {
  const [{ shape: first }] = values;
  const isLike = values.every(({ shape }) => {
    const areSame = shape.every((length, each) => {
      return each === axis || length === first[each] || typeof length === 'string' || typeof first[each] === 'string';
    });
    return shape.length === first.length && areSame;
  });
  requireFormat(isLike, 'readTflite', `${op} must be of tensors that differ in axis ${axis} alone`, values.map(({ shape }) => `[${shape}]`).join(' ')); // prettier-ignore
}
