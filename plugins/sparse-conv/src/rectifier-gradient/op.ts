import type { Tensor } from '@tensorflow/tfjs-core';
import { runOp, type CpuKernel, type OpDefinition, type WasmKernel, type WebgpuKernel } from '@tfjs-sparse/core';
import * as binaries from '../wasm-binaries.js';

type Input = 'dy' | 'y';

/** The gradient of ReLU in one pass: `dy` where the output `y` is above 0, otherwise 0. Both have the same shape. */
export function rectifierGradient(dy: Tensor, y: Tensor): Tensor {
  return runOp(rectifierGradientOp, { dy, y }, {});
}

const cpu: CpuKernel<Input, object> = ({ dy, y }) => ({
  shape: dy.shape,
  values: dy.values.map((value, i) => (y.values[i] > 0 ? value : 0)),
});

interface RectifierGradientExports {
  rectifierGradient(dy: number, y: number, dx: number, count: number): void;
}

const wasm: WasmKernel<Input, object> = ({ dy, y }, _attrs, scope) => {
  const dx = scope.output(dy.shape);
  const count = dy.shape.reduce((product, size) => product * size, 1);
  scope.load<RectifierGradientExports>(binaries).rectifierGradient(dy.pointer, y.pointer, dx.pointer, count);
  return dx;
};

const webgpu: WebgpuKernel<Input, object> = ({ dy, y }, _attrs, gpu) => {
  if (dy.shape.includes(0)) return gpu.zeros(dy.shape);
  const code = /* wgsl */ `
    // One thread per element.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      result[index] = select(0.0, dy[index], y[index] > 0.0);
    }`;
  return gpu.run({ key: 'rectifierGradient', outputShape: dy.shape, inputNames: ['dy', 'y'], code }, [dy, y]);
};

export const rectifierGradientOp: OpDefinition<Input, object> = {
  name: 'SparseRectifierGradient',
  kernels: { cpu, wasm, webgpu },
  gradient: { save: ['y'], gradients: (ddx, [y]) => ({ dy: () => rectifierGradient(ddx, y) }) },
};
