import { einsum } from '../../lowering/einsum.js';
import { cast, elementwise, withNumber } from '../../lowering/elementwise.js';
import { transpose } from '../../lowering/layout.js';
import { matMul } from '../../lowering/products.js';
import type { Value } from '../../lowering/value.js';
import { input, type OnnxOp } from '../onnx-operation.js';

export const productOps: Readonly<Record<string, OnnxOp>> = {
  MatMul: (operation) => matMul(operation.builder, input(operation, 0), input(operation, 1)),
  Gemm(operation) {
    const { builder, attributes } = operation;
    const side = (index: number, flag: string): Value => {
      const value = input(operation, index);
      return attributes.integer(flag, 0) === 0 ? value : transpose(builder, value, [1, 0]);
    };
    const product = matMul(builder, side(0, 'transA'), side(1, 'transB'));
    const scaled = (value: Value, factor: number) => (factor === 1 ? value : withNumber(builder, 'Mul', value, factor));
    const sum = scaled(product, attributes.number('alpha', 1));
    const added = operation.inputs[2];
    return added ? elementwise(builder, 'AddV2', [sum, scaled(added, attributes.number('beta', 1))]) : sum;
  },
  Einsum: ({ builder, attributes, inputs }) => einsum(builder, attributes.text('equation', ''), inputs as Value[]),
  MatMulInteger(operation) {
    const { builder, inputs } = operation;
    const side = (index: number): Value => {
      const value = cast(builder, input(operation, index), 'float32');
      const zero = inputs[index + 2];
      return zero ? elementwise(builder, 'Sub', [value, cast(builder, zero, 'float32')]) : value;
    };
    return cast(builder, matMul(builder, side(0), side(1)), 'int32');
  },
};
