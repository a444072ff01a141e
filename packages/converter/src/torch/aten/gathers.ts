import { FormatError, requireFormat } from '../../format-error.js';
import { violation } from '@tfjs-sparse/core';
import { oneHot } from '../../lowering/creation.js';
import { cast, withNumber } from '../../lowering/elementwise.js';
import { fromStart, gatherElements, scatterElements, scatterRows } from '../../lowering/gathering.js';
import { reshape, transpose, unsqueeze } from '../../lowering/layout.js';
import { broadcastTo } from '../../lowering/products.js';
import { gather } from '../../lowering/slicing.js';
import { plainOrder, type Length, type Value } from '../../lowering/value.js';
import { reader, type AtenOp, type AtenOperation } from '../aten-operation.js';
import { indexed, indexedPut } from './indexing.js';

export const gatherOps: Readonly<Record<string, AtenOp>> = {
  index_select(operation) {
    const x = operation.tensor('self');
    const axis = operation.axis('dim', x.shape.length);
    return gather(operation.builder, x, operation.tensor('index'), axis);
  },
  embedding: (operation) => gather(operation.builder, operation.tensor('weight'), operation.tensor('indices'), 0),
  gather(operation) {
    const x = operation.tensor('self');
    return gatherElements(operation.builder, x, operation.tensor('index'), operation.axis('dim', x.shape.length));
  },
  take_along_dim(operation) {
    const x = operation.tensor('self');
    return gatherElements(operation.builder, x, operation.tensor('indices'), operation.axis('dim', x.shape.length));
  },
  take(operation) {
    const { builder } = operation;
    const x = operation.tensor('self');
    const length = x.shape.reduce<Length>((all, each) => builder.times(all, each), 1);
    const indices = fromStart(builder, operation.tensor('index'), length);
    return gather(builder, reshape(builder, x, [length]), indices, 0);
  },
  scatter: (operation) => scattered(operation, false),
  scatter_add: (operation) => scattered(operation, true),
  index_add(operation) {
    const alpha = operation.number('alpha', 1);
    const source = operation.tensor('source');
    return rows(operation, alpha === 1 ? source : withNumber(operation.builder, 'Mul', source, alpha), true);
  },
  index_copy: (operation) => rows(operation, operation.tensor('source'), false),
  index: (operation) => indexed(operation.builder, operation.tensor('self'), operation.tensorsOrNull('indices')),
  index_put: put,
  _unsafe_index: (operation) =>
    indexed(operation.builder, operation.tensor('self'), operation.tensorsOrNull('indices')),
  one_hot(operation) {
    const { builder } = operation;
    const x = operation.tensor('self');
    const depth = operation.number('num_classes', -1);
    requireFormat(depth > 0, reader, 'aten.one_hot must have num_classes', depth);
    return oneHot(builder, x, 'int32', { depth, on: 1, off: 0, axis: x.shape.length });
  },
};

/** Of a tensor, or of one value for all places. */
function scattered(operation: AtenOperation, isSum: boolean): Value {
  const { builder, op } = operation;
  const [x, indices] = [operation.tensor('self'), operation.tensor('index')];
  const axis = operation.axis('dim', x.shape.length);
  const reduction = operation.text('reduce', isSum ? 'add' : 'none');
  if (reduction !== 'none' && reduction !== 'add') throw new FormatError(violation(reader, `aten.${op} must add or replace`, reduction)); // prettier-ignore
  const source = operation.has('src') ? operation.tensor('src') : operation.operand('value');
  const updates = source.shape.length === 0 ? broadcastTo(builder, source, indices.shape) : source;
  const same = updates.shape.every((length, each) => length === indices.shape[each]);
  requireFormat(same, reader, `aten.${op} must have a source as large as its indices`, `[${updates.shape}]`);
  return scatterElements(builder, x, indices, cast(builder, updates, x.dtype), axis, reduction === 'add');
}

/** Whole rows of the axis `dim` at places that indices name. */
function rows(operation: AtenOperation, source: Value, isSum: boolean): Value {
  const { builder } = operation;
  const x = operation.tensor('self');
  const axis = operation.axis('dim', x.shape.length);
  const first = [axis, ...plainOrder(x.shape.length).filter((each) => each !== axis)];
  const back = plainOrder(x.shape.length).map((each) => first.indexOf(each));
  const places = unsqueeze(builder, fromStart(builder, operation.tensor('index'), x.shape[axis]), [1]);
  const updated = scatterRows(builder, transpose(builder, x, first), places, transpose(builder, source, first), isSum);
  return transpose(builder, updated, back);
}

function put(operation: AtenOperation): Value {
  const { builder } = operation;
  const [x, values] = [operation.tensor('self'), operation.tensor('values')];
  const indices = operation.tensorsOrNull('indices');
  return indexedPut(builder, x, indices, cast(builder, values, x.dtype), operation.isTrue('accumulate'));
}
