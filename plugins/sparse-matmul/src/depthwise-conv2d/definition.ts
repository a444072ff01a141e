import type { Tensor } from '@tensorflow/tfjs-core';
import { fusedOps, runOp } from '@tfjs-sparse/core';
import { depthwiseFilterGradientOp, depthwiseInputGradientOp } from '../depthwise-gradients/definition.js';
import type { ImageGeometry } from '../image-geometry.js';
import type { DepthwiseConv2D } from './attributes.js';
import { depthwiseConv2DCpu } from './cpu.js';
import { depthwiseConv2DWasm } from './wasm.js';
import { depthwiseConv2DWebgpu } from './webgpu.js';

export const depthwiseConv2DOps = fusedOps<DepthwiseConv2D>({
  names: { linear: 'SparseDepthwiseConv2D', activated: 'SparseActivatedDepthwiseConv2D' },
  inputs: { x: 'float32', filter: 'float32', bias: 'float32', residual: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: depthwiseConv2DCpu, wasm: depthwiseConv2DWasm, webgpu: depthwiseConv2DWebgpu },
  gradient: {
    save: ['x', 'filter'],
    gradients: (dySums, { x, filter }, { geometry }) => depthwiseGradients(dySums, x, filter, geometry),
  },
});

/** The gradients of the sums before the epilogue. */
export function depthwiseGradients(dySums: Tensor, x: Tensor, filter: Tensor, geometry: ImageGeometry) {
  return {
    x: () => runOp(depthwiseInputGradientOp, { dy: dySums, filter }, { geometry }).dx,
    filter: () => runOp(depthwiseFilterGradientOp, { x, dy: dySums }, { geometry }).dFilter,
  };
}
