import { requireFormat } from '../../format-error.js';
import { squeeze, unsqueeze } from '../../lowering/layout.js';
import { axisOf, slice, split, type AxisRange } from '../../lowering/slicing.js';
import { plainOrder, writtenCount, type Length, type Value } from '../../lowering/value.js';
import { input, knownInput, sizesInput, type TfliteOp, type TfliteOperation } from '../tflite-operation.js';

const splitFields = { count: 0 };
const unpackFields = { count: 0, axis: 1 };
const sliceFields = { begin: 0, end: 1, ellipsis: 2, newAxis: 3, shrink: 4, isOffset: 5 }; // of StridedSliceOptions: masks

/** Operators that give parts of a tensor. */
export const sliceOps: Readonly<Record<string, TfliteOp>> = {
  SLICE(operation) {
    const { builder } = operation;
    const x = input(operation, 0);
    const [starts, sizes] = [sizesInput(operation, 1), sizesInput(operation, 2)];
    const isFitting = starts.length === x.shape.length && sizes.length === starts.length;
    requireFormat(isFitting, 'readTflite', `SLICE must have ${x.shape.length} starts and sizes`, [starts.length, sizes.length]); // prettier-ignore
    const ranges = starts.map((start, axis): AxisRange => {
      const end = sizes[axis] === -1 ? Infinity : builder.plus(start, sizes[axis]);
      return { axis, start, end };
    });
    return slice(builder, x, ranges);
  },
  STRIDED_SLICE: stridedSlice,
  SPLIT(operation) {
    const x = input(operation, 1);
    const axis = axisOf(knownInput(operation, 0)[0], x.shape.length);
    const count = writtenCount(operation.options.integer(splitFields.count));
    const length = x.shape[axis];
    const isFitting = typeof length === 'number' && count >= 1 && length % count === 0;
    requireFormat(isFitting, 'readTflite', `the parts of SPLIT must divide the ${length} elements of axis ${axis}`, count); // prettier-ignore
    return split(operation.builder, x, axis, Array<number>(count).fill(length / count));
  },
  SPLIT_V(operation) {
    const x = input(operation, 0);
    const axis = axisOf(knownInput(operation, 2)[0], x.shape.length);
    const [given, length] = [knownInput(operation, 1), x.shape[axis]];
    const known = given.reduce((sum, size) => sum + Math.max(size, 0), 0);
    const sizes = given.map((size) => (size < 0 && typeof length === 'number' ? length - known : size));
    const isFitting = sizes.every((size) => size >= 0) && (typeof length === 'string' || sizes.reduce((a, b) => a + b, 0) === length); // prettier-ignore
    requireFormat(isFitting, 'readTflite', `the parts of SPLIT_V must be the ${length} elements of axis ${axis}`, given); // prettier-ignore
    return split(operation.builder, x, axis, sizes);
  },
  UNPACK(operation) {
    const { builder, options } = operation;
    const x = input(operation, 0);
    const axis = axisOf(options.integer(unpackFields.axis), x.shape.length);
    const count = writtenCount(options.integer(unpackFields.count));
    requireFormat(x.shape[axis] === count && count >= 1, 'readTflite', `UNPACK must give the ${x.shape[axis]} of axis ${axis}`, count); // prettier-ignore
    return plainOrder(count).map((i) => squeeze(builder, slice(builder, x, [{ axis, start: i, end: i + 1 }]), [axis]));
  },
};

/** Each entry of starts, ends and steps is of an axis, but for those that bits of masks name. */
function stridedSlice(operation: TfliteOperation): Value {
  const { builder, options } = operation;
  const x = input(operation, 0);
  const [starts, ends, steps] = [sizesInput(operation, 1), sizesInput(operation, 2), knownInput(operation, 3)];
  const isFitting = starts.length === ends.length && starts.length === steps.length;
  requireFormat(isFitting, 'readTflite', `STRIDED_SLICE must have ${starts.length} ends and steps`, [ends.length, steps.length]); // prettier-ignore
  const isIn = (field: number, entry: number) => ((options.integer(field) >> entry) & 1) === 1;
  const ranges: AxisRange[] = [];
  const [added, gone]: [number[], number[]] = [[], []]; // axes of the result, and of the slice
  let axis = 0;
  starts.forEach((start, entry) => {
    if (isIn(sliceFields.ellipsis, entry)) {
      const behind = plainOrder(starts.length).slice(entry + 1).filter((other) => !isIn(sliceFields.newAxis, other)); // prettier-ignore
      axis = x.shape.length - behind.length;
    } else if (isIn(sliceFields.newAxis, entry)) added.push(axis - gone.length + added.length);
    else {
      requireFormat(axis >= 0 && axis < x.shape.length, 'readTflite', `STRIDED_SLICE must be of ${x.shape.length} axes`, starts.length); // prettier-ignore
      const isShrunk = isIn(sliceFields.shrink, entry);
      if (isShrunk) gone.push(axis);
      ranges.push(isShrunk ? placeOf(start, axis) : rangeOf(operation, start, ends[entry], steps[entry], axis, entry));
      axis++;
    }
  });
  const sliced = slice(builder, x, ranges);
  const areThere = gone.every((each) => sliced.shape[each] === 1);
  requireFormat(areThere, 'readTflite', 'a place of STRIDED_SLICE must be within its axis', `[${sliced.shape}]`);
  return unsqueeze(builder, squeeze(builder, sliced, gone), added);
}

function placeOf(start: Length, axis: number): AxisRange {
  requireFormat(typeof start === 'number', 'readTflite', 'a place of STRIDED_SLICE must be known before a run', start);
  return { axis, start, end: start === -1 ? Infinity : start + 1 };
}

function rangeOf(
  { builder, options }: TfliteOperation,
  start: Length,
  end: Length,
  step: number,
  axis: number,
  entry: number,
): AxisRange {
  const isMasked = (field: number) => ((options.integer(field) >> entry) & 1) === 1;
  const [first, last] = step > 0 ? [-Infinity, Infinity] : [Infinity, -Infinity];
  const from = isMasked(sliceFields.begin) ? first : start;
  const to = options.flag(sliceFields.isOffset) ? builder.plus(from, end) : end;
  return { axis, start: from, end: isMasked(sliceFields.end) ? last : to, step };
}
