import { requireFormat } from '../../format-error.js';
import { range } from '../../lowering/attention.js';
import { cast, elementwise } from '../../lowering/elementwise.js';
import { fromStart } from '../../lowering/gathering.js';
import { broadcastTo } from '../../lowering/products.js';
import { plain, transpose } from '../../lowering/layout.js';
import { writtenCount, plainOrder, sizesOf, type Value } from '../../lowering/value.js';
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
    const count = lengths.reduce<number>((product, length) => product * (typeof length === 'number' ? length : NaN), 1);
    if (count <= 4096) {
      const elements = value.constant!.constructor as Float32ArrayConstructor;
      return builder.constant(lengths as number[], new elements(writtenCount(count)).fill(value.constant![0]));
    }
    return broadcastTo(builder, single, lengths);
  },
  Range(operation) {
    const { builder } = operation;
    const [start, limit, step] = [0, 1, 2].map((i) => sizesOf(input(operation, i))?.[0]);
    const { dtype } = input(operation, 0);
    if (typeof start === 'number' && typeof limit === 'number' && typeof step === 'number') {
      const count = Math.max(0, Math.ceil((limit - start) / step));
      const elements = Array.from({ length: writtenCount(count) }, (_, i) => start + i * step);
      return dtype === 'int32' ? builder.integers(elements) : builder.constant([count], Float32Array.from(elements));
    }
    const isOfSize = step === 1 && start !== undefined && limit !== undefined;
    requireFormat(
      isOfSize,
      'convert',
      'a Range must have steps of 1 and ends that are sizes',
      'values that are computed',
    );
    const places = range(builder, builder.minus(limit, start));
    return start === 0 ? places : elementwise(builder, 'AddV2', [places, builder.integers([start], [])]);
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
    const { attributes } = operation;
    const indices = input(operation, 0);
    const depth = knownInput(operation, 1)[0];
    const [off, on] = knownInput(operation, 2);
    const { dtype } = input(operation, 2);
    const axis = attributes.integer('axis', -1);
    const rank = indices.shape.length + 1;
    return oneHot(operation, indices, depth, off, on, axis < 0 ? axis + rank : axis, dtype === 'int32');
  },
};

function oneHot(
  { builder }: Parameters<OnnxOp>[0],
  indices: Value,
  depth: number,
  off: number,
  on: number,
  axis: number,
  isInteger: boolean,
): Value {
  const integers = cast(builder, indices, 'int32');
  const inputs = [
    plain(builder, fromStart(builder, integers, depth)),
    builder.scalar(depth, 'int32'),
    builder.scalar(on),
    builder.scalar(off),
  ];
  const shape = [...indices.shape, depth];
  const last = builder.emit('OneHot', inputs, { dtype: 'float32', shape }, { axis: { i: -1 } });
  const axes = plainOrder(shape.length - 1);
  axes.splice(axis, 0, shape.length - 1);
  return cast(builder, transpose(builder, last, axes), isInteger ? 'int32' : 'float32');
}
