import { requireFormat } from '../../format-error.js';
import { depthToSpace, spaceToDepth, triangle } from '../../lowering/gathering.js';
import { reshape, squeeze, transpose, unsqueeze, wholeShape } from '../../lowering/layout.js';
import { broadcastTo } from '../../lowering/products.js';
import { concat } from '../../lowering/slicing.js';
import { plainOrder, type Length, type Value } from '../../lowering/value.js';
import { reader, type AtenOp, type AtenOperation } from '../aten-operation.js';

const viewed: AtenOp = (operation) => shaped(operation, operation.lengths('size'));

export const shapeOps: Readonly<Record<string, AtenOp>> = {
  view: viewed,
  _unsafe_view: viewed,
  reshape: (operation) => shaped(operation, operation.lengths('shape')),
  view_as: (operation) => reshape(operation.builder, operation.tensor('self'), operation.tensor('other').shape),
  reshape_as: (operation) => reshape(operation.builder, operation.tensor('self'), operation.tensor('other').shape),
  flatten(operation) {
    const { shape } = operation.tensor('self');
    if (shape.length === 0) return shaped(operation, [1]);
    const [first, last] = [operation.axis('start_dim', shape.length, 0), operation.axis('end_dim', shape.length, -1)];
    return shaped(operation, [...shape.slice(0, first), product(operation, shape.slice(first, last + 1)), ...shape.slice(last + 1)]); // prettier-ignore
  },
  ravel: (operation) => shaped(operation, [-1]),
  unflatten(operation) {
    const { shape } = operation.tensor('self');
    const axis = operation.axis('dim', shape.length);
    const parts = wholeShape(operation.builder, [shape[axis]], operation.lengths('sizes'));
    return shaped(operation, [...shape.slice(0, axis), ...parts, ...shape.slice(axis + 1)]);
  },
  squeeze(operation) {
    const x = operation.tensor('self');
    const given = operation.has('dim') ? operation.axes('dim', x.shape.length) : plainOrder(x.shape.length);
    return squeeze(operation.builder, x, given.filter((axis) => x.shape[axis] === 1)); // prettier-ignore
  },
  unsqueeze(operation) {
    const x = operation.tensor('self');
    return unsqueeze(operation.builder, x, [operation.axis('dim', x.shape.length + 1)]);
  },
  transpose: (operation) => swapped(operation, ['dim0', 'dim1']),
  swapaxes: (operation) => swapped(operation, ['axis0', 'axis1']),
  swapdims: (operation) => swapped(operation, ['dim0', 'dim1']),
  t(operation) {
    const x = operation.tensor('self');
    return transpose(operation.builder, x, plainOrder(x.shape.length).reverse());
  },
  numpy_T(operation) {
    const x = operation.tensor('self');
    return transpose(operation.builder, x, plainOrder(x.shape.length).reverse());
  },
  mT(operation) {
    const x = operation.tensor('self');
    const rank = x.shape.length;
    return transpose(operation.builder, x, [...plainOrder(rank - 2), rank - 1, rank - 2]);
  },
  permute(operation) {
    const x = operation.tensor('self');
    return transpose(operation.builder, x, operation.axes('dims', x.shape.length));
  },
  movedim(operation) {
    const x = operation.tensor('self');
    const [from, to] = ['source', 'destination'].map((name) => operation.axes(name, x.shape.length));
    const rest = plainOrder(x.shape.length).filter((axis) => !from.includes(axis));
    const axes = plainOrder(x.shape.length).map((axis) => (to.includes(axis) ? from[to.indexOf(axis)] : rest.shift()!));
    return transpose(operation.builder, x, axes);
  },
  expand(operation) {
    const { shape } = operation.tensor('self');
    const to = operation.lengths('size');
    return stretched(operation, to.map((length, axis) => (length === -1 ? shape[axis - to.length + shape.length] : length))); // prettier-ignore
  },
  expand_as: (operation) => stretched(operation, operation.tensor('other').shape),
  meshgrid(operation) {
    const { builder } = operation;
    const isTransposed = operation.text('indexing', 'ij') === 'xy';
    const tensors = operation.tensors('tensors').map((value) => reshape(builder, value, [product(operation, value.shape)])); // prettier-ignore
    const axes = plainOrder(tensors.length);
    if (isTransposed && axes.length > 1) [axes[0], axes[1]] = [1, 0];
    const shape: Length[] = [];
    tensors.forEach((value, i) => (shape[axes[i]] = value.shape[0]));
    return tensors.map((value, i) =>
      broadcastTo(
        builder,
        unsqueeze(
          builder,
          value,
          plainOrder(axes.length).filter((axis) => axis !== axes[i]),
        ),
        shape,
      ),
    );
  },
  cat(operation) {
    const tensors = operation.tensors('tensors');
    const axis = operation.axis('dim', Math.max(...tensors.map(({ shape }) => shape.length)), 0);
    return concat(operation.builder, tensors, axis);
  },
  stack(operation) {
    const tensors = operation.tensors('tensors');
    const axis = operation.axis('dim', tensors[0].shape.length + 1, 0);
    return concat(operation.builder, tensors.map((value) => unsqueeze(operation.builder, value, [axis])), axis); // prettier-ignore
  },
  hstack: (operation) => concat(operation.builder, operation.tensors('tensors'), Math.min(1, operation.tensors('tensors')[0].shape.length - 1)), // prettier-ignore
  vstack(operation) {
    const { builder } = operation;
    const rows = operation.tensors('tensors').map((value) => (value.shape.length === 1 ? unsqueeze(builder, value, [0]) : value)); // prettier-ignore
    return concat(builder, rows, 0);
  },
  pixel_shuffle(operation) {
    return depthToSpace(operation.builder, image(operation), operation.number('upscale_factor'), 'CRD');
  },
  pixel_unshuffle(operation) {
    return spaceToDepth(operation.builder, image(operation), operation.number('downscale_factor'), 'CRD');
  },
  channel_shuffle(operation) {
    const { builder } = operation;
    const x = operation.tensor('self');
    const [batch, channels, ...places] = x.shape;
    const groups = operation.number('groups');
    const parts = reshape(builder, x, [batch, groups, (channels as number) / groups, ...places]);
    const axes = plainOrder(parts.shape.length);
    return reshape(builder, transpose(builder, parts, [0, 2, 1, ...axes.slice(3)]), x.shape);
  },
  tril: (operation) => triangle(operation.builder, operation.tensor('self'), false, operation.number('diagonal', 0)),
  triu: (operation) => triangle(operation.builder, operation.tensor('self'), true, operation.number('diagonal', 0)),
};

function shaped(operation: AtenOperation, to: readonly Length[]): Value {
  const x = operation.tensor('self');
  return reshape(operation.builder, x, wholeShape(operation.builder, x.shape, to));
}

function stretched(operation: AtenOperation, shape: readonly Length[]): Value {
  return broadcastTo(operation.builder, operation.tensor('self'), shape);
}

function product({ builder }: AtenOperation, lengths: readonly Length[]): Length {
  return lengths.reduce((all, length) => builder.times(all, length), 1);
}

function swapped(operation: AtenOperation, names: readonly [string, string]): Value {
  const x = operation.tensor('self');
  const rank = x.shape.length;
  const [a, b] = names.map((name) => operation.axis(name, rank));
  const axes = plainOrder(rank);
  if (rank > 0) [axes[a], axes[b]] = [b, a];
  return transpose(operation.builder, x, axes);
}

function image(operation: AtenOperation): Value {
  const x = operation.tensor('self');
  requireFormat(x.shape.length === 4, reader, `aten.${operation.op} must be of images [batch, channels, height, width]`, x.shape.length); // prettier-ignore
  return x;
}
