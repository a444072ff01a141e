import { requireFormat } from '../format-error.js';
import type { FlatTable } from './flat-table.js';

// Numbers of fields in TFLite's schema (SparsityParameters, DimensionMetadata).
const sparsityFields = { traversalOrder: 0, blockMap: 1, dimensions: 2 };
const dimensionFields = { format: 0, denseSize: 1, segmentType: 2, segments: 3, indexType: 4, indices: 5 };
const bytesOfIndex = [0, 4, 2, 1] as const; // by the type of the vector: none, int32, uint16, uint8
/** Elements of a dense tensor that few stored values may ask for. */
const mostElements = 2 ** 22;
const mostPerValue = 256;
const reader = 'readTflite';

/** One of the dimensions that stored values go through, the outermost first. */
interface Level {
  /** Axis of the tensor. */
  readonly axis: number;
  /** What an index counts in: elements of the axis. */
  readonly step: number;
  readonly size: number;
  /** Null where every index is there; else the first entry of each parent, and the index of each entry. */
  readonly sparse: { readonly segments: readonly number[]; readonly indices: readonly number[] } | null;
}

/**
 * Where stored values of a sparse tensor lie in the dense one, in their order (tensorflow/lite/schema/schema.fbs, with
 * blocks: the order of traversal names the blocks' inner axes from the rank on).
 *
 * @param stored how many values there are
 * @returns      int32 `[stored]`: elements of the row-major dense tensor, all different
 * @throws FormatError for levels that do not fit the shape, and indices that are not ascending or out of range
 */
export function densePlaces(sparsity: FlatTable, shape: readonly number[], stored: number): Int32Array {
  const levels = levelsOf(sparsity, shape);
  const size = shape.reduce((product, length) => product * length, 1);
  const most = Math.max(mostElements, mostPerValue * stored);
  requireFormat(size <= most, reader, `a sparse tensor of ${stored} values must have at most ${most} elements`, size);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  let places = Int32Array.of(0);
  for (const { axis, step, size: count, sparse } of levels) {
    const stride = strides[axis] * step;
    if (!sparse) {
      const total = places.length * count;
      requireFormat(total <= size, reader, `dimensions must have at most ${size} places`, total);
      const next = new Int32Array(total);
      places.forEach((place, parent) => {
        for (let index = 0; index < count; index++) next[parent * count + index] = place + index * stride;
      });
      places = next;
    } else places = sparsePlaces(places, sparse, count, stride);
  }
  requireFormat(places.length === stored, reader, `a sparse tensor must store ${places.length} values`, stored);
  return places;
}

function sparsePlaces(
  parents: Int32Array,
  { segments, indices }: NonNullable<Level['sparse']>,
  count: number,
  stride: number,
): Int32Array<ArrayBuffer> {
  const isWhole = segments.length === parents.length + 1 && segments[0] === 0 && segments.at(-1) === indices.length;
  const rule = `segments must be ${parents.length + 1} and ascend from 0 to ${indices.length}`;
  requireFormat(isWhole, reader, rule, `${segments.length} from ${segments[0]} to ${segments.at(-1)}`);
  const places = new Int32Array(indices.length);
  for (let parent = 0; parent < parents.length; parent++) {
    const [first, end] = [segments[parent], segments[parent + 1]];
    requireFormat(first <= end && end <= indices.length, reader, rule, [first, end]);
    for (let entry = first; entry < end; entry++) {
      const index = indices[entry];
      const isNext = index >= 0 && index < count && (entry === first || index > indices[entry - 1]);
      requireFormat(isNext, reader, `indices must ascend below ${count}`, index);
      places[entry] = parents[parent] + index * stride;
    }
  }
  return places;
}

function levelsOf(sparsity: FlatTable, shape: readonly number[]): Level[] {
  const dimensions = sparsity.tables(sparsityFields.dimensions);
  const order = sparsity.numbers(sparsityFields.traversalOrder, 4);
  const blockMap = sparsity.numbers(sparsityFields.blockMap, 4);
  const rank = shape.length;
  const count = rank + blockMap.length;
  const isOrder = order.length === count && [...order].sort((a, b) => a - b).every((axis, i) => axis === i);
  requireFormat(isOrder, reader, `the order of traversal must name each of ${count} dimensions once`, order);
  requireFormat(dimensions.length === count, reader, `there must be ${count} dimensions`, dimensions.length);
  const areAxes = blockMap.every((axis, i) => axis >= 0 && axis < rank && blockMap.indexOf(axis) === i);
  requireFormat(areAxes, reader, `blocks must be of different axes below ${rank}`, blockMap);
  const sizeOf = (level: number) => dimensions[level].int32(dimensionFields.denseSize);
  const blockSizes = shape.map((_, axis) => {
    const inner = blockMap.indexOf(axis);
    return inner < 0 ? 1 : sizeOf(order.indexOf(rank + inner));
  });
  shape.forEach((length, axis) => {
    const isMultiple = blockSizes[axis] >= 1 && length % blockSizes[axis] === 0;
    requireFormat(isMultiple, reader, `blocks must divide the ${length} elements of axis ${axis}`, blockSizes[axis]);
  });
  return order.map((dimension, level) => {
    const isInner = dimension >= rank;
    const axis = isInner ? blockMap[dimension - rank] : dimension;
    const size = isInner ? blockSizes[axis] : shape[axis] / blockSizes[axis];
    const table = dimensions[level];
    const format = table.byte(dimensionFields.format);
    requireFormat(format === 0 || format === 1, reader, 'dimensions must be dense or CSR', format);
    if (format === 0)
      requireFormat(sizeOf(level) === size, reader, `a dense dimension must have ${size}`, sizeOf(level));
    const sparse =
      format === 0 ? null : { segments: indexVector(table, 'segment'), indices: indexVector(table, 'index') };
    return { axis, step: isInner ? 1 : blockSizes[axis], size, sparse };
  });
}

/** A union of vectors of int32, uint16 and uint8. */
function indexVector(dimension: FlatTable, kind: 'segment' | 'index'): number[] {
  const [typeField, field] =
    kind === 'segment'
      ? [dimensionFields.segmentType, dimensionFields.segments]
      : [dimensionFields.indexType, dimensionFields.indices];
  const type = dimension.byte(typeField);
  const bytes = type >= 1 && type <= 3 ? bytesOfIndex[type as 1 | 2 | 3] : null;
  const table = dimension.table(field);
  const rule = `a sparse dimension must have ${kind} vectors of int32, uint16 or uint8`;
  requireFormat(bytes !== null && table !== null, reader, rule, `type ${type}`);
  return table.numbers(0, bytes);
}
