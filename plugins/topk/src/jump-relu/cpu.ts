import type { CpuKernel, HostTensor } from '@tfjs-sparse/core';
import type { Gate, JumpReLU, JumpStep, ThresholdGate } from './attributes.js';

export const thresholdGateCpu: CpuKernel<ThresholdGate> = ({ x, threshold, values }, gate) => ({
  y: gated(x, threshold, values, gate),
});

export const jumpReLUCpu: CpuKernel<JumpReLU> = ({ x, threshold }) => ({
  y: gated(x, threshold, x, { window: null, factor: 1 }),
});

export const jumpStepCpu: CpuKernel<JumpStep> = ({ x, threshold }) => ({
  y: gated(x, threshold, undefined, { window: null, factor: 1 }),
});

function gated(
  x: HostTensor<'float32'>,
  threshold: HostTensor<'float32'>,
  values: HostTensor<'float32'> | undefined,
  { window, factor }: Gate,
): HostTensor<'float32'> {
  const features = threshold.values.length;
  const y = x.values.map((value, i) => {
    const limit = threshold.values[i % features];
    const isOpen = window === null ? value > limit : Math.abs(Math.fround(value - limit)) < Math.fround(window / 2);
    return isOpen ? (values ? values.values[i] : 1) * factor : 0;
  });
  return { shape: x.shape, values: y };
}
