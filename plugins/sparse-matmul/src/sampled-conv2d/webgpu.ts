import { util } from '@tensorflow/tfjs-core';
import type { WebgpuKernel } from '@tfjs-sparse/core';
import { channelsOfGroup } from '../conv2d/attributes.js';
import { tapTable } from '../conv2d/webgpu.js';
import type { SampledConv2D } from './attributes.js';

export const sampledConv2DWebgpu: WebgpuKernel<SampledConv2D> = ({ x, dy }, attrs, gpu) => {
  const { geometry, groups, pattern } = attrs;
  const { outFeatures, blockOutputs, blocks } = pattern;
  const outputShape = [blocks.entryCount, blockOutputs];
  const isEmpty = [outputShape, x.shape, dy.shape].some((shape) => util.sizeFromShape(shape) === 0);
  if (isEmpty) return { values: gpu.zeros(outputShape) };
  const code = () => /* wgsl */ `
    // One thread per kept weight: the sum over all output pixels.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let block = index / uniforms.blockOutputs;
      let output = rowOfBlock[block] * uniforms.blockOutputs + index % uniforms.blockOutputs;
      let firstRow = taps[3 * block] - uniforms.padTop;
      let firstColumn = taps[3 * block + 1] - uniforms.padLeft;
      let channel = output / uniforms.groupOutChannels * uniforms.groupInChannels + taps[3 * block + 2];
      var sum = 0.0;
      for (var outRow = 0; outRow < uniforms.batch * uniforms.outHeight && output < uniforms.outChannels; outRow++) {
        let row = outRow % uniforms.outHeight * uniforms.strideHeight + firstRow;
        if (row < 0 || row >= uniforms.inHeight) { continue; }
        let inPixels = (outRow / uniforms.outHeight * uniforms.inHeight + row) * uniforms.inWidth;
        var rowSum = 0.0; // sums of sums: float32 loses less so
        for (var outColumn = 0; outColumn < uniforms.outWidth; outColumn++) {
          let column = outColumn * uniforms.strideWidth + firstColumn;
          if (column < 0 || column >= uniforms.inWidth) { continue; }
          rowSum += x[(inPixels + column) * uniforms.channels + channel]
            * dy[(outRow * uniforms.outWidth + outColumn) * uniforms.outChannels + output];
        }
        sum += rowSum;
      }
      result[index] = sum;
    }`;
  const inputs = { x, dy, rowOfBlock: gpu.table(blocks.rows), taps: gpu.table(tapTable(attrs)) };
  const uniforms = {
    ...geometry,
    channels: x.shape[3],
    groupInChannels: channelsOfGroup(attrs),
    groupOutChannels: outFeatures / groups,
    outChannels: outFeatures,
    blockOutputs,
  };
  return { values: gpu.run({ key: 'sampledConv2D', outputShape, inputs, uniforms, code }) };
};
