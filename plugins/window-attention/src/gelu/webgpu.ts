import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { Gelu, GeluApproximation, GeluGradient } from './attributes.js';

/** WGSL: `share(x)`, of a normal distribution below x as in gelu4.as.ts, or of a hyperbolic tangent. */
function shareCode(approximation: GeluApproximation): string {
  if (approximation === 'tanh') {
    return /* wgsl */ `
    fn share(x : f32) -> f32 {
      let u = 0.7978845608028654 * x * (1.0 + 0.044715 * x * x);
      return 1.0 / (1.0 + exp(min(-2.0 * u, 80.0)));
    }`;
  }
  return /* wgsl */ `
    fn share(x : f32) -> f32 {
      let s = 1.0 / (1.0 + 0.33 * abs(x));
      var sum = 0.0448085181415081 * s - 0.21724474430084229;
      sum = sum * s + 0.3250299096107483;
      sum = sum * s - 0.08325542509555817;
      sum = sum * s + 0.17778918147087097;
      sum = sum * s + 0.12035757303237915;
      sum = sum * s + 0.13251499831676483;
      let beyond = sum * s * exp(-0.5 * x * x);
      return select(1.0 - beyond, beyond, x < 0.0);
    }`;
}

export const geluWebgpu: WebgpuKernel<Gelu> = ({ x }, { approximation }, gpu) => {
  if (x.shape.includes(0)) return { y: gpu.zeros(x.shape) };
  const y = gpu.run({
    key: `gelu ${approximation}`,
    outputShape: x.shape,
    inputs: { x },
    code: () => /* wgsl */ `
    ${shareCode(approximation)}
    // One thread per element.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      result[index] = x[index] * share(x[index]);
    }`,
  });
  return { y };
};

export const geluGradientWebgpu: WebgpuKernel<GeluGradient> = ({ x, dy }, { approximation }, gpu) => {
  if (x.shape.includes(0)) return { dx: gpu.zeros(x.shape) };
  const slope =
    approximation === 'tanh'
      ? 'part * (1.0 - part) * 1.5957691216057308 * (1.0 + 0.134145 * at * at)'
      : '0.3989422804014327 * exp(-0.5 * at * at)';
  const dx = gpu.run({
    key: `geluGradient ${approximation}`,
    outputShape: x.shape,
    inputs: { x, dy },
    code: () => /* wgsl */ `
    ${shareCode(approximation)}
    // One thread per element.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let at = x[index];
      let part = share(at);
      result[index] = dy[index] * (part + at * ${slope});
    }`,
  });
  return { dx };
};
