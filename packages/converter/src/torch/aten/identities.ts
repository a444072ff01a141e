import { cast } from '../../lowering/elementwise.js';
import { broadcastTo } from '../../lowering/products.js';
import { requireTrained, type AtenOp } from '../aten-operation.js';

const same: AtenOp = (operation) => operation.tensor('self');

const dropout: AtenOp = (operation) => {
  if (operation.number('p') !== 0) requireTrained(operation, 'train');
  return operation.tensor(operation.has('input') ? 'input' : 'self'); // `dropout_` names it so
};

/** Ops that give their input: of memory, of gradients, and of training. */
export const identityOps: Readonly<Record<string, AtenOp>> = {
  alias: same,
  clone: same,
  contiguous: same,
  detach: same,
  lift_fresh_copy: same,
  positive: same,
  dropout,
  alpha_dropout: dropout,
  feature_dropout: dropout,
  native_dropout: (operation) => [dropout(operation), null].flat(),
  /** Also `copy_`, after which the tensor is the source. */
  copy(operation) {
    const { builder } = operation;
    const source = cast(builder, operation.tensor('src'), operation.dtype);
    return broadcastTo(builder, source, operation.tensor('self').shape);
  },
};
