import { convolution } from '../../lowering/convolution.js';
import { squeeze, unsqueeze } from '../../lowering/layout.js';
import { transposedConvolution } from '../../lowering/transposed-convolution.js';
import type { Value } from '../../lowering/value.js';
import type { AtenOp, AtenOperation } from '../aten-operation.js';

export const convolutionOps: Readonly<Record<string, AtenOp>> = {
  conv1d: (operation) => forward(operation, 1),
  conv2d: (operation) => forward(operation, 2),
  conv3d: (operation) => forward(operation, 3),
  conv_transpose1d: (operation) => backward(operation, 1),
  conv_transpose2d: (operation) => backward(operation, 2),
  convolution: either,
  _convolution: either,
};

function either(operation: AtenOperation): Value {
  const places = operation.tensor('weight').shape.length - 2;
  return operation.isTrue('transposed') ? backward(operation, places) : forward(operation, places);
}

function forward(operation: AtenOperation, places: number): Value {
  const { builder } = operation;
  const filter = operation.tensor('weight');
  const dilations = operation.perPlace('dilation', places, 1);
  const pads = padsOf(operation, filter.shape.slice(2) as number[], dilations);
  const windows = { strides: operation.perPlace('stride', places, 1), dilations, pads };
  const options = { ...windows, groups: operation.number('groups', 1) };
  return ofBatch(operation, places, (x) => convolution(builder, x, filter, operation.tensorOrNull('bias'), options));
}

/** By numbers, or by one of the words valid and same (more behind than before). */
function padsOf(operation: AtenOperation, kernel: readonly number[], dilations: readonly number[]): [number, number][] {
  if (operation.op.endsWith('.padding')) {
    const isSame = operation.text('padding', 'valid') === 'same';
    return kernel.map((size, i) => {
      const all = isSame ? dilations[i] * (size - 1) : 0;
      return [Math.floor(all / 2), Math.ceil(all / 2)];
    });
  }
  return operation.perPlace('padding', kernel.length, 0).map((pad) => [pad, pad]);
}

function backward(operation: AtenOperation, places: number): Value {
  const { builder } = operation;
  const options = {
    strides: operation.perPlace('stride', places, 1),
    dilations: operation.perPlace('dilation', places, 1),
    pads: operation.perPlace('padding', places, 0).map((pad): [number, number] => [pad, pad]),
    outputPads: operation.perPlace('output_padding', places, 0),
    groups: operation.number('groups', 1),
  };
  const [filter, bias] = [operation.tensor('weight'), operation.tensorOrNull('bias')];
  return ofBatch(operation, places, (x) => transposedConvolution(builder, x, filter, bias, options));
}

/** Images may come one at a time, without an axis of the batch. */
function ofBatch(operation: AtenOperation, places: number, of: (x: Value) => Value): Value {
  const { builder } = operation;
  const x = operation.tensor('input');
  if (x.shape.length === places + 2) return of(x);
  return squeeze(builder, of(unsqueeze(builder, x, [0])), [0]);
}
