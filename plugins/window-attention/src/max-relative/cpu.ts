import type { CpuKernel } from '@tfjs-sparse/core';
import type { MaxRelative, MaxRelativeGradient } from './attributes.js';

/** The greatest difference to a neighbour, at least 0; of equal ones the first, along the height before the width. */
export const maxRelativeCpu: CpuKernel<MaxRelative> = ({ x }, { step }) => {
  const [batches, height, width, channels] = x.shape;
  const y = new Float32Array(x.values.length);
  const nearest = new Int32Array(x.values.length);
  for (let i = 0; i < y.length; i++) {
    const channel = i % channels;
    const pixel = Math.floor(i / channels) % (height * width);
    const image = Math.floor(i / channels / height / width) * height * width;
    nearest[i] = -1;
    for (const neighbour of neighbours(pixel, height, width, step)) {
      const difference = x.values[i] - x.values[(image + neighbour) * channels + channel];
      if (!(difference > y[i])) continue;
      y[i] = difference;
      nearest[i] = neighbour;
    }
  }
  return { y: { shape: [batches, height, width, channels], values: y }, nearest: { shape: x.shape, values: nearest } };
};

/** A number's difference gives to itself, and takes from its neighbour. */
export const maxRelativeGradientCpu: CpuKernel<MaxRelativeGradient> = ({ dy, nearest }) => {
  const [, height, width, channels] = dy.shape;
  const dx = new Float32Array(dy.values.length);
  dy.values.forEach((value, i) => {
    if (nearest.values[i] < 0) return;
    const image = i - (i % (height * width * channels));
    dx[i] += value;
    dx[image + nearest.values[i] * channels + (i % channels)] -= value;
  });
  return { dx: { shape: dy.shape, values: dx } };
};

/** Pixels at multiples of the step before this one, in its column and then in its row, around the border. */
function neighbours(pixel: number, height: number, width: number, step: number): number[] {
  const [row, column] = [Math.floor(pixel / width), pixel % width];
  const pixels: number[] = [];
  for (let i = step; i < height; i += step) pixels.push(((row - i + height) % height) * width + column);
  for (let i = step; i < width; i += step) pixels.push(row * width + ((column - i + width) % width));
  return pixels;
}
