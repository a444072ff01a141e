import type { BenchContext } from './bench.js';
import { onnxRun } from './onnx-model.js';

/** A node `y = op(a, b)` of an ONNX model. */
export interface OnnxProduct {
  readonly op: 'MatMul' | 'Conv';
  /** Shapes. */
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly y: readonly number[];
  /** Attributes that are lists of integers. */
  readonly integers?: Readonly<Record<string, readonly number[]>>;
}

/** A run of onnxruntime's product on one thread, or null where onnxruntime-web does not load. */
export function onnxProduct(
  context: BenchContext,
  { op, a, b, y, integers }: OnnxProduct,
): Promise<(() => Promise<unknown>) | null> {
  const tensor = (shape: readonly number[]) => {
    const length = shape.reduce((count, size) => count * size, 1);
    return { type: 'float32', shape, values: Float32Array.from({ length }, (_, i) => Math.sin(i)) } as const;
  };
  return onnxRun(context, {
    nodes: [{ op, inputs: ['a', 'b'], outputs: ['y'], lists: integers }],
    inputs: { a: tensor(a), b: tensor(b) },
    outputs: { y: { type: 'float32', shape: y } },
  });
}
