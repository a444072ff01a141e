import { requireFormat } from '../format-error.js';
import { clamp } from '../lowering/activations.js';
import { unary } from '../lowering/elementwise.js';
import { withEpilogue, type FusedActivation } from '../lowering/fused-products.js';
import type { Value } from '../lowering/value.js';
import type { TfliteOperation } from './tflite-operation.js';
import type { TfliteTensor } from './tflite-model.js';

type Activation = 'Relu' | 'ReluN1To1' | 'Relu6' | 'Tanh' | null;

const activations: readonly Activation[] = [null, 'Relu', 'ReluN1To1', 'Relu6', 'Tanh']; // by ActivationFunctionType
const ranges: Readonly<Record<string, readonly [least: number, most: number]>> = { uint8: [0, 255], int8: [-128, 127] };

/** What an operator gives, behind the activation that its options name or its output implies. */
export function activated(operation: TfliteOperation, x: Value, field: number): Value {
  return withActivation(operation, x, activationOf(operation, field));
}

/** A product with its bias and activation. @param bias `[channels]` */
export function activatedProduct(operation: TfliteOperation, sums: Value, bias: Value | null, field: number): Value {
  const activation = activationOf(operation, field);
  const isFused = activation === null || activation === 'Relu' || activation === 'Relu6';
  const product = withEpilogue(operation.builder, sums, bias, isFused ? activation : null);
  return isFused ? product : withActivation(operation, product, activation);
}

function withActivation({ builder }: TfliteOperation, x: Value, activation: Activation): Value {
  switch (activation) {
    case null:
      return x;
    case 'Relu':
      return clamp(builder, x, 0, Infinity);
    case 'Relu6':
      return clamp(builder, x, 0, 6);
    case 'ReluN1To1':
      return clamp(builder, x, -1, 1);
    case 'Tanh':
      return unary(builder, 'Tanh', x);
  }
}

function activationOf({ op, options, outputs }: TfliteOperation, field: number): Activation {
  const code = options.code(field);
  const isKnown = code >= 0 && code < activations.length;
  requireFormat(isKnown, 'readTflite', `${op} must have an activation of the codes 0 to ${activations.length - 1}`, code); // prettier-ignore
  return activations[code] ?? impliedActivation(outputs[0]);
}

/** A quantised tensor whose range begins at 0 cuts off what is below it: files leave the activation out then. */
function impliedActivation({ type, quantization }: TfliteTensor): FusedActivation {
  if (!Object.hasOwn(ranges, type) || !quantization || !('scales' in quantization)) return null;
  const [least, most] = ranges[type];
  const { scales, zeroPoints } = quantization;
  if (scales.length !== 1 || (zeroPoints[0] ?? 0) !== least) return null;
  const isOf6 = Math.abs((most - least) * scales[0] - 6) < scales[0] / 2;
  return isOf6 ? 'Relu6' : 'Relu';
}
