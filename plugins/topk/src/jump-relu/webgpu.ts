import type { TensorInfo } from '@tensorflow/tfjs-core';
import { f32, type WebgpuKernel, type WebgpuScope } from '@tfjs-sparse/core';
import type { Gate, JumpReLU, JumpStep, ThresholdGate } from './attributes.js';

export const thresholdGateWebgpu: WebgpuKernel<ThresholdGate> = ({ x, threshold, values }, gate, gpu) => ({
  y: gated(x, threshold, values, gate, gpu),
});

export const jumpReLUWebgpu: WebgpuKernel<JumpReLU> = ({ x, threshold }, _attrs, gpu) => ({
  y: gated(x, threshold, x, { window: null, factor: 1 }, gpu),
});

export const jumpStepWebgpu: WebgpuKernel<JumpStep> = ({ x, threshold }, _attrs, gpu) => ({
  y: gated(x, threshold, undefined, { window: null, factor: 1 }, gpu),
});

function gated(
  x: TensorInfo,
  threshold: TensorInfo,
  values: TensorInfo | undefined,
  { window, factor }: Gate,
  gpu: WebgpuScope,
): TensorInfo {
  if (x.shape.includes(0)) return gpu.zeros(x.shape);
  const isOpen = window === null ? 'value > limit' : 'abs(value - limit) < uniforms.halfWindow';
  const open = !values ? '1.0' : values === x ? 'value' : 'values[index]';
  const code = () => /* wgsl */ `
    // One thread per element.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let value = x[index];
      let limit = threshold[index % uniforms.features];
      result[index] = select(0.0, ${open} * uniforms.factor, ${isOpen});
    }`;
  return gpu.run({
    key: `thresholdGate ${isOpen} ${open}`,
    outputShape: x.shape,
    inputs: { x, threshold, ...(values && values !== x ? { values } : {}) },
    uniforms: {
      features: threshold.shape[0],
      factor: f32(factor),
      ...(window === null ? {} : { halfWindow: f32(window / 2) }),
    },
    code,
  });
}
