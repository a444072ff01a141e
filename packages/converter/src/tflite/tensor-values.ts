import { elementValues } from '../checkpoint/element-values.js';
import { requireFormat } from '../format-error.js';
import { constantOfValues } from '../lowering/stored-constant.js';
import type { TensorBuilder } from '../lowering/tensor-builder.js';
import { elementCount, writtenCount, type ElementType, type Value } from '../lowering/value.js';
import { floatValues, type TfliteModel, type TfliteTensor } from './tflite-model.js';

/** Quantised tensors are of real numbers. @throws FormatError for text and complex numbers */
export function elementTypeOf({ name, type, quantization }: TfliteTensor): ElementType {
  const isReal = type !== 'other' && !type.startsWith('complex');
  requireFormat(isReal, 'readTflite', `the tensor ${name} must be of real numbers`, type);
  if (type === 'bool') return 'bool';
  return type.includes('float') || quantization ? 'float32' : 'int32';
}

/** What a tensor holds before a run: its constant, densified and dequantised, or the zeros of a variable; null for none. */
export function initialValue(builder: TensorBuilder, model: TfliteModel, tensor: TfliteTensor): Value | null {
  const { shape, stored, type, quantization, isVariable } = tensor;
  if (stored.length === 0 && isVariable) return builder.constant(shape, new Float32Array(writtenCount(elementCount(shape)!))); // prettier-ignore
  if (stored.length === 0 && !shape.includes(0)) return null;
  const dtype = elementTypeOf(tensor);
  if (quantization && !type.includes('float')) return builder.constant(shape, floatValues(model, tensor));
  return constantOfValues(builder, shape, elementValues(tensor.dense(), storedType(tensor)), dtype === 'bool');
}

function storedType({ type }: TfliteTensor) {
  return type === 'int4' || type === 'other' ? 'int8' : type;
}
