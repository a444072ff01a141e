import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { derivedKey, type WebgpuKernel } from '@tfjs-sparse/core';
import { epilogueCode } from '../epilogue-code.js';
import { channelsOfGroup, type FilterAttrs, type PatternConv2D } from './attributes.js';

const tapTables = derivedKey<Int32Array>();

/** int32 `[blocks, 3]`: rows and columns of each kept block from the window's first pixel, its channel in the group. */
export function tapTable(attrs: FilterAttrs): Int32Array {
  const { filterWidth, dilationHeight, dilationWidth } = attrs.geometry;
  const channels = channelsOfGroup(attrs);
  const { blocks } = attrs.pattern;
  return blocks.derived(tapTables.of([filterWidth, dilationHeight, dilationWidth, channels].join()), (own) => {
    const taps = new Int32Array(blocks.entryCount * 3);
    blocks.columns.forEach((column, block) => {
      const place = Math.floor(column / channels);
      const row = Math.floor(place / filterWidth) * dilationHeight;
      taps.set([row, (place % filterWidth) * dilationWidth, column % channels], block * 3);
    });
    return own(taps);
  });
}

export function patternConv2DTables(attrs: FilterAttrs): readonly Int32Array[] {
  return [attrs.pattern.starts, tapTable(attrs)];
}

export const patternConv2DWebgpu: WebgpuKernel<PatternConv2D> = ({ x, values, bias, residual }, attrs, gpu) => {
  const { geometry, groups, pattern, activation } = attrs;
  const { outFeatures, blockOutputs } = pattern;
  const outputShape = [geometry.batch, geometry.outHeight, geometry.outWidth, outFeatures];
  const isEmpty = pattern.blockCount === 0 || util.sizeFromShape(x.shape) === 0; // empty tensors cannot be bound
  if (util.sizeFromShape(outputShape) === 0 || (isEmpty && !bias && !residual)) return { y: gpu.zeros(outputShape) };
  const epilogue = epilogueCode({ bias, residual }, activation);
  const tables = () => ({ starts: gpu.table(pattern.starts), taps: gpu.table(tapTable(attrs)) });
  const operands: Record<string, TensorInfo> = isEmpty ? {} : { x, values, ...tables() };
  const code = () => /* wgsl */ `
    ${epilogue.code()}
    // One thread per output element; neighbouring threads read the same pixels.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let output = index % uniforms.outChannels;
      var sum = 0.0;
      ${isEmpty ? '' : addBlocksCode}
      result[index] = finished(sum, output, index);
    }`;
  const program = {
    key: `patternConv2D${epilogue.key}${isEmpty ? ' empty' : ''}`,
    outputShape,
    inputs: { ...operands, ...epilogue.inputs },
    uniforms: {
      ...geometry,
      channels: x.shape[3],
      groupInChannels: channelsOfGroup(attrs),
      groupOutChannels: outFeatures / groups,
      outChannels: outFeatures,
      blockOutputs,
      ...epilogue.uniforms,
    },
    code,
  };
  return { y: gpu.run(program) };
};

const addBlocksCode = /* wgsl */ `
      let pixel = index / uniforms.outChannels;
      let firstColumn = pixel % uniforms.outWidth * uniforms.strideWidth - uniforms.padLeft;
      let firstRow = pixel / uniforms.outWidth % uniforms.outHeight * uniforms.strideHeight - uniforms.padTop;
      let firstInRow = pixel / (uniforms.outWidth * uniforms.outHeight) * uniforms.inHeight;
      let firstChannel = output / uniforms.groupOutChannels * uniforms.groupInChannels;
      let blockRow = output / uniforms.blockOutputs;
      let end = starts[blockRow + 1];
      for (var block = starts[blockRow]; block < end; block++) {
        let row = firstRow + taps[3 * block];
        let column = firstColumn + taps[3 * block + 1];
        if (row < 0 || row >= uniforms.inHeight || column < 0 || column >= uniforms.inWidth) { continue; }
        let inPixel = (firstInRow + row) * uniforms.inWidth + column;
        let channel = firstChannel + taps[3 * block + 2];
        sum += x[inPixel * uniforms.channels + channel] * values[block * uniforms.blockOutputs + output % uniforms.blockOutputs];
      }`;
