import { cast } from '../../lowering/elementwise.js';
import { input, type TfliteOp } from '../tflite-operation.js';

/** All quantised tensors are real numbers here (readTflite), and sparse and float16 constants are dense and float32. */
export const quantizationOps: Readonly<Record<string, TfliteOp>> = {
  DENSIFY: (operation) => input(operation, 0),
  DEQUANTIZE: (operation) => cast(operation.builder, input(operation, 0), 'float32'),
  QUANTIZE: (operation) => input(operation, 0),
};
