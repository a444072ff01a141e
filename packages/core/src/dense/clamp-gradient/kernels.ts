import { util } from '@tensorflow/tfjs-core';
import type { CpuKernel } from '../../op/definition.js';
import type { WasmKernel } from '../../op/wasm-scope.js';
import type { WebgpuKernel } from '../../op/webgpu-kernel.js';
import { binaries } from '../../wasm-binaries.js';
import { activationUniform, limitsOf } from '../epilogue.js';
import type { ClampGradient } from './attributes.js';

export const clampGradientCpu: CpuKernel<ClampGradient> = ({ dy, y }, { activation }) => {
  const [low, high] = limitsOf(activation);
  const values = dy.values.map((value, i) => (y.values[i] > low && y.values[i] < high ? value : 0));
  return { dx: { shape: dy.shape, values } };
};

export const clampGradientWasm: WasmKernel<ClampGradient> = ({ dy, y }, { activation }, wasm) => {
  const dx = wasm.output(dy.shape);
  const count = util.sizeFromShape([...dy.shape]);
  wasm.load(binaries).clampGradient(dy.pointer, y.pointer, dx.pointer, count, ...limitsOf(activation));
  return { dx };
};

export const clampGradientWebgpu: WebgpuKernel<ClampGradient> = ({ dy, y }, { activation }, gpu) => {
  if (dy.shape.includes(0)) return { dx: gpu.zeros(dy.shape) };
  const code = () => /* wgsl */ `
    // One thread per element.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let isAbove = uniforms.activation == 0 || y[index] > 0.0;
      let isBelow = uniforms.activation < 2 || y[index] < 6.0;
      result[index] = select(0.0, dy[index], isAbove && isBelow);
    }`;
  const program = { key: 'clampGradient', outputShape: dy.shape, inputs: { dy, y }, code };
  return { dx: gpu.run({ ...program, uniforms: activationUniform(activation) }) };
};
