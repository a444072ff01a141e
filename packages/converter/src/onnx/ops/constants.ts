import { requireFormat } from '../../format-error.js';
import { counted, filled, oneHot } from '../../lowering/creation.js';
import { cast } from '../../lowering/elementwise.js';
import { fromStart } from '../../lowering/gathering.js';
import { writtenCount, sizesOf, type Value } from '../../lowering/value.js';
import { input, knownInput, type OnnxOp } from '../onnx-operation.js';

export const constantOps: Readonly<Record<string, OnnxOp>> = {
  Constant({ builder, attributes }) {
    const value = attributes.tensor('value');
    if (value) return value;
    if (attributes.has('value_int')) return builder.scalar(attributes.integer('value_int'), 'int32');
    if (attributes.has('value_float')) return builder.scalar(attributes.number('value_float'));
    const [integers, numbers] = [attributes.integers('value_ints'), attributes.numbers('value_floats')];
    if (attributes.has('value_ints')) return builder.integers(integers ?? []);
    requireFormat(attributes.has('value_floats'), 'convert', 'a Constant must hold numbers', 'another attribute');
    return builder.constant([numbers?.length ?? 0], Float32Array.from(numbers ?? []));
  },
  ConstantOfShape(operation) {
    const { builder, attributes } = operation;
    const lengths = sizesOf(input(operation, 0));
    requireFormat(
      lengths !== null,
      'convert',
      'the shape of ConstantOfShape must be known',
      'a value that is computed',
    );
    const value = attributes.tensor('value') ?? builder.scalar(0);
    const single: Value = builder.constant([], value.constant!);
    return filled(builder, lengths, single);
  },
  Range(operation) {
    const [start, limit, step] = [0, 1, 2].map((i) => input(operation, i));
    return counted(operation.builder, start, limit, step);
  },
  EyeLike(operation) {
    const { builder, attributes } = operation;
    const { shape, dtype } = input(operation, 0);
    const [rows, columns] = shape;
    requireFormat(typeof rows === 'number' && typeof columns === 'number', 'convert', 'EyeLike must have a known shape', shape.join()); // prettier-ignore
    const shift = attributes.integer('k', 0);
    const elements = new Float32Array(writtenCount(rows * columns));
    for (let row = 0; row < rows; row++) {
      if (row + shift >= 0 && row + shift < columns) elements[row * columns + row + shift] = 1;
    }
    const type = attributes.integer('dtype', dtype === 'float32' ? 1 : 6);
    return cast(builder, builder.constant([rows, columns], elements), [1, 10, 11].includes(type) ? 'float32' : 'int32');
  },
  OneHot(operation) {
    const { builder, attributes } = operation;
    const depth = knownInput(operation, 1)[0];
    const indices = fromStart(builder, cast(builder, input(operation, 0), 'int32'), depth);
    const [off, on] = knownInput(operation, 2);
    const given = attributes.integer('axis', -1);
    const axis = given < 0 ? given + indices.shape.length + 1 : given;
    return oneHot(builder, indices, input(operation, 2).dtype, { depth, on, off, axis });
  },
};
