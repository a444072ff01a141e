import * as tf from '@tensorflow/tfjs-core';
import type { GoldenCase } from './golden-file.js';

/**
 * What a comparison must allow where convolution multiplies float16 values: rounding both factors changes a product by up
 * to 2^-10 of itself, the sum of the products' sizes is a few times that of the sum, and cases chain two convolutions.
 * Seen: 1.3e-3.
 */
const halfTolerance = 2 ** -8;

/** The least tolerance on the active backend: 0, or `halfTolerance` on an extended device with shader-f16. */
export function leastTolerance(): number {
  if (tf.getBackend() !== 'webgpu') return 0;
  const { device } = tf.backend() as tf.KernelBackend & { readonly device: GPUDevice };
  return device.features.has('shader-f16') ? halfTolerance : 0;
}

export function withTolerance(golden: GoldenCase, least: number): GoldenCase {
  const { output, gradient, reason } = golden.tolerance;
  return { ...golden, tolerance: { output: Math.max(output, least), gradient: Math.max(gradient, least), reason } };
}
