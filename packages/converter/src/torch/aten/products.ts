import { requireFormat } from '../../format-error.js';
import { attention } from '../../lowering/attention.js';
import { einsum } from '../../lowering/einsum.js';
import { elementwise, withNumber } from '../../lowering/elementwise.js';
import { transpose, unsqueeze } from '../../lowering/layout.js';
import { linear, matMul } from '../../lowering/products.js';
import { norm, reduce } from '../../lowering/reductions.js';
import { gather } from '../../lowering/slicing.js';
import { plainOrder, type Value } from '../../lowering/value.js';
import { reader, type AtenOp, type AtenOperation } from '../aten-operation.js';
import { repeatInterleave } from './shape-repeats.js';

export const productOps: Readonly<Record<string, AtenOp>> = {
  mm: (operation) => matMul(operation.builder, operation.tensor('self'), operation.tensor('mat2')),
  bmm: (operation) => matMul(operation.builder, operation.tensor('self'), operation.tensor('mat2')),
  matmul: (operation) => matMul(operation.builder, operation.tensor('self'), operation.tensor('other')),
  mv: (operation) => matMul(operation.builder, operation.tensor('self'), operation.tensor('vec')),
  dot: (operation) => matMul(operation.builder, operation.tensor('self'), operation.tensor('tensor')),
  addmm: (operation) => added(operation, 'mat1', 'mat2'),
  addmv: (operation) => added(operation, 'mat', 'vec'),
  baddbmm: (operation) => added(operation, 'batch1', 'batch2'),
  outer(operation) {
    const { builder } = operation;
    const [rows, columns] = [operation.tensor('self'), operation.tensor('vec2')];
    return elementwise(builder, 'Mul', [unsqueeze(builder, rows, [1]), unsqueeze(builder, columns, [0])]);
  },
  inner: (operation) => {
    const other = operation.tensor('other');
    const axes = plainOrder(other.shape.length).reverse();
    return matMul(operation.builder, operation.tensor('self'), transpose(operation.builder, other, axes));
  },
  linalg_cross: (operation) => crossed(operation, -1),
  cross: (operation) => crossed(operation, operation.tensor('self').shape.indexOf(3)),
  linear(operation) {
    const [x, weight] = [operation.tensor('input'), operation.tensor('weight')];
    return linear(operation.builder, x, weight, operation.tensorOrNull('bias'));
  },
  bilinear(operation) {
    const { builder } = operation;
    const [left, right, weight] = ['input1', 'input2', 'weight'].map((name) => operation.tensor(name));
    const sums = einsum(builder, '...i,oij,...j->...o', [left, weight, right]);
    const bias = operation.tensorOrNull('bias');
    return bias ? elementwise(builder, 'AddV2', [sums, bias]) : sums;
  },
  /** The product of three tensors, summed over axes that they share. */
  _trilinear(operation) {
    const { builder } = operation;
    const factors = [1, 2, 3].map((i) =>
      unsqueeze(builder, operation.tensor(`i${i}`), operation.numbers(`expand${i}`)),
    );
    const all = factors.reduce((product, factor) => elementwise(builder, 'Mul', [product, factor]));
    return reduce(builder, 'Sum', all, operation.numbers('sumdim'), false);
  },
  einsum: (operation) => einsum(operation.builder, operation.text('equation', ''), operation.tensors('tensors')),
  scaled_dot_product_attention: (operation) => attended(operation),
  _scaled_dot_product_flash_attention_for_cpu: (operation) => [attended(operation), null],
  cdist: (operation) => distances(operation),
  _cdist_forward: (operation) => distances(operation),
  pairwise_distance(operation) {
    const { builder } = operation;
    const difference = elementwise(builder, 'Sub', [operation.tensor('x1'), operation.tensor('x2')]);
    const moved = withNumber(builder, 'AddV2', difference, operation.number('eps', 1e-6));
    const last = difference.shape.length - 1;
    return norm(builder, moved, operation.number('p', 2), [last], operation.isTrue('keepdim'));
  },
  cosine_similarity(operation) {
    const { builder } = operation;
    const [a, b] = [operation.tensor('x1'), operation.tensor('x2')];
    const axis = operation.axis('dim', Math.max(a.shape.length, b.shape.length), 1);
    const unit = (value: Value) => {
      const size = withNumber(builder, 'Maximum', norm(builder, value, 2, [axis], true), operation.number('eps', 1e-8));
      return elementwise(builder, 'RealDiv', [value, size]);
    };
    return reduce(builder, 'Sum', elementwise(builder, 'Mul', [unit(a), unit(b)]), [axis], false);
  },
};

/** `beta self + alpha (left right)`. */
function added(operation: AtenOperation, left: string, right: string): Value {
  const { builder } = operation;
  const scaled = (value: Value, factor: number) => (factor === 1 ? value : withNumber(builder, 'Mul', value, factor));
  const product = scaled(
    matMul(builder, operation.tensor(left), operation.tensor(right)),
    operation.number('alpha', 1),
  );
  const beta = operation.number('beta', 1);
  if (beta === 0) return product;
  return elementwise(builder, 'AddV2', [product, scaled(operation.tensor('self'), beta)]);
}

/** Of vectors of three along an axis: `a₁b₂ - a₂b₁`, with the axes turned. */
function crossed(operation: AtenOperation, byDefault: number): Value {
  const { builder } = operation;
  const [a, b] = [operation.tensor('self'), operation.tensor('other')];
  const axis = operation.axis('dim', a.shape.length, byDefault);
  const turned = (value: Value, places: readonly number[]) => gather(builder, value, builder.integers(places), axis);
  const [next, last] = [[1, 2, 0], [2, 0, 1]]; // prettier-ignore
  const term = (left: readonly number[], right: readonly number[]) => elementwise(builder, 'Mul', [turned(a, left), turned(b, right)]); // prettier-ignore
  return elementwise(builder, 'Sub', [term(next, last), term(last, next)]);
}

function attended(operation: AtenOperation): Value {
  const { builder } = operation;
  const dropout = operation.number('dropout_p', 0);
  requireFormat(dropout === 0, reader, 'attention must be of a network in eval mode', `dropout_p ${dropout}`);
  const q = operation.tensor('query');
  const [k, v] = ['key', 'value'].map((name) => ofGroups(operation, q, operation.tensor(name)));
  const options = {
    mask: operation.tensorOrNull('attn_mask'),
    isCausal: operation.isTrue('is_causal'),
    ...(operation.has('scale') && { scale: operation.number('scale') }),
  };
  return attention(builder, q, k, v, options);
}

/** Heads of keys and values that several heads of queries share. */
function ofGroups(operation: AtenOperation, q: Value, value: Value): Value {
  if (!operation.isTrue('enable_gqa')) return value;
  const axis = q.shape.length - 3;
  const repeats = (q.shape[axis] as number) / (value.shape[axis] as number);
  return repeatInterleave(operation.builder, value, repeats, axis);
}

/** Between all rows of two sets `[..., rows, width]`. */
function distances(operation: AtenOperation): Value {
  const { builder } = operation;
  const [a, b] = [operation.tensor('x1'), operation.tensor('x2')];
  const rank = a.shape.length;
  const difference = elementwise(builder, 'Sub', [
    unsqueeze(builder, a, [rank - 1]),
    unsqueeze(builder, b, [rank - 2]),
  ]);
  return norm(builder, difference, operation.number('p', 2), [rank], false);
}
