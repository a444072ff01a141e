import { gather, pad, reshape, tensor1d, type Tensor, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { fusedOps, runFused, runOp } from '@tfjs-sparse/core';
import { sampledConv2DOp } from '../sampled-conv2d/definition.js';
import type { FilterAttrs, PatternConv2D } from './attributes.js';
import { patternConv2DCpu } from './cpu.js';
import { transposedFilter } from './transposed-filter.js';
import { patternConv2DWasm } from './wasm.js';
import { patternConv2DTables, patternConv2DWebgpu } from './webgpu.js';

export const patternConv2DOps = fusedOps<PatternConv2D>({
  names: { linear: 'SparsePatternConv2D', activated: 'SparseActivatedPatternConv2D' },
  inputs: { x: 'float32', values: 'float32', bias: 'float32', residual: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: patternConv2DCpu, wasm: patternConv2DWasm, webgpu: patternConv2DWebgpu },
  gradient: {
    save: ['x', 'values'],
    gradients: (dySums, { x, values }, { geometry, groups, pattern }) => ({
      x: () => inputGradient(dySums as Tensor4D, values, { geometry, groups, pattern }),
      values: () => runOp(sampledConv2DOp, { x, dy: dySums }, { geometry, groups, pattern }).values,
    }),
  },
  tables: patternConv2DTables,
});

/** A convolution with the filter turned around, of dy with zeros between its pixels where the forward one has strides. */
function inputGradient(dy: Tensor4D, values: Tensor, attrs: FilterAttrs): Tensor {
  const { geometry } = attrs;
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = geometry;
  const { pattern, order } = transposedFilter(attrs);
  const kept = reshape(gather(reshape(values, [-1]), tensor1d(order, 'int32')), [order.length, 1]) as Tensor2D;
  const x = spread(dy, strideHeight, strideWidth);
  const ofInput = {
    ...geometry,
    inHeight: x.shape[1],
    inWidth: x.shape[2],
    outHeight: geometry.inHeight,
    outWidth: geometry.inWidth,
    strideHeight: 1,
    strideWidth: 1,
    padTop: (filterHeight - 1) * dilationHeight - geometry.padTop,
    padLeft: (filterWidth - 1) * dilationWidth - geometry.padLeft,
  };
  const inputs = { x, values: kept };
  return runFused(patternConv2DOps, inputs, { geometry: ofInput, groups: attrs.groups, pattern, activation: 'linear' });
}

/** Puts down - 1 rows and right - 1 columns of zeros behind each pixel. */
function spread(x: Tensor4D, down: number, right: number): Tensor4D {
  if (down === 1 && right === 1) return x;
  const [batch, height, width, channels] = x.shape;
  const pixels = reshape(x, [batch * height, 1, width, channels]);
  const rows = reshape(
    pad(pixels, [
      [0, 0],
      [0, down - 1],
      [0, 0],
      [0, 0],
    ]),
    [batch * height * down * width, 1, channels],
  );
  const columns = pad(rows, [
    [0, 0],
    [0, right - 1],
    [0, 0],
  ]);
  return reshape(columns, [batch, height * down, width * right, channels]);
}
