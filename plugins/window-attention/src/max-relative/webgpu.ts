import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { MaxRelative, MaxRelativeGradient } from './attributes.js';

export const maxRelativeWebgpu: WebgpuKernel<MaxRelative> = ({ x }, { step }, gpu) => {
  const [, height, width, channels] = x.shape;
  if (x.shape.includes(0)) return { y: gpu.zeros(x.shape), nearest: gpu.zeros(x.shape, 'int32') };
  const uniforms = { height, width, channels, step };
  const nearest = gpu.run({
    key: 'maxRelativeNearest',
    outputShape: x.shape,
    outputDtype: 'int32',
    inputs: { x },
    uniforms,
    code: () => /* wgsl */ `
    // One thread per element.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let channel = index % uniforms.channels;
      let at = index / uniforms.channels;
      let pixel = at % (uniforms.height * uniforms.width);
      let image = at - pixel;
      let row = pixel / uniforms.width;
      let column = pixel % uniforms.width;
      var greatest = 0.0;
      var chosen = -1;
      for (var i = uniforms.step; i < uniforms.height; i += uniforms.step) {
        let other = ((row - i + uniforms.height) % uniforms.height) * uniforms.width + column;
        let difference = x[index] - x[(image + other) * uniforms.channels + channel];
        if (difference > greatest) { greatest = difference; chosen = other; }
      }
      for (var i = uniforms.step; i < uniforms.width; i += uniforms.step) {
        let other = row * uniforms.width + (column - i + uniforms.width) % uniforms.width;
        let difference = x[index] - x[(image + other) * uniforms.channels + channel];
        if (difference > greatest) { greatest = difference; chosen = other; }
      }
      result[index] = chosen;
    }`,
  });
  const y = gpu.run({
    key: 'maxRelative',
    outputShape: x.shape,
    inputs: { x, nearest },
    uniforms: { pixels: height * width, channels },
    code: () => /* wgsl */ `
    // One thread per element.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let at = index / uniforms.channels;
      let image = at - at % uniforms.pixels;
      let other = (image + max(nearest[index], 0)) * uniforms.channels + index % uniforms.channels;
      result[index] = select(0.0, x[index] - x[other], nearest[index] >= 0);
    }`,
  });
  return { y, nearest };
};

export const maxRelativeGradientWebgpu: WebgpuKernel<MaxRelativeGradient> = ({ dy, nearest }, { step }, gpu) => {
  const [, height, width, channels] = dy.shape;
  if (dy.shape.includes(0)) return { dx: gpu.zeros(dy.shape) };
  const dx = gpu.run({
    key: 'maxRelativeGradient',
    outputShape: dy.shape,
    inputs: { dy, nearest },
    uniforms: { height, width, channels, step },
    code: () => /* wgsl */ `
    // One thread per element: what it gave, less what those took whose nearest it is.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let channel = index % uniforms.channels;
      let at = index / uniforms.channels;
      let pixel = at % (uniforms.height * uniforms.width);
      let image = at - pixel;
      let row = pixel / uniforms.width;
      let column = pixel % uniforms.width;
      var sum = select(0.0, dy[index], nearest[index] >= 0);
      for (var i = uniforms.step; i < uniforms.height; i += uniforms.step) {
        let other = ((row + i) % uniforms.height) * uniforms.width + column;
        let taker = (image + other) * uniforms.channels + channel;
        if (nearest[taker] == pixel) { sum -= dy[taker]; }
      }
      for (var i = uniforms.step; i < uniforms.width; i += uniforms.step) {
        let other = row * uniforms.width + (column + i) % uniforms.width;
        let taker = (image + other) * uniforms.channels + channel;
        if (nearest[taker] == pixel) { sum -= dy[taker]; }
      }
      result[index] = sum;
    }`,
  });
  return { dx };
};
