import { workgroupThreads, type WebgpuKernel } from '@tfjs-sparse/core';

export const zeroSkipMatMul: WebgpuKernel<'x' | 'weights', object> = ({ x, weights }, _attrs, gpu) => {
  const [rows, inFeatures] = x.shape;
  const outFeatures = weights.shape[1];
  const outputShape = [rows, outFeatures];
  if (rows * outFeatures === 0 || inFeatures === 0) return gpu.zeros(outputShape);
  // Whole workgroups per row: all threads of one skip the same inputs, whose weights are then not read.
  const rowThreads = Math.ceil(outFeatures / workgroupThreads) * workgroupThreads;
  const code = /* wgsl */ `
    // One thread per output of one row, and some beyond the outputs.
    fn main(index : i32) {
      let row = index / uniforms.rowThreads;
      let output = index % uniforms.rowThreads;
      if (row >= uniforms.rows || output >= uniforms.outFeatures) { return; }
      var sum = 0.0;
      for (var input = 0; input < uniforms.inFeatures; input++) {
        let value = x[row * uniforms.inFeatures + input];
        // As integers: the compiler may assume that floats hold no NaN.
        if ((bitcast<u32>(value) & 0x7fffffffu) != 0u) { sum += value * weights[input * uniforms.outFeatures + output]; }
      }
      result[row * uniforms.outFeatures + output] = sum;
    }`;
  return gpu.run(
    {
      key: 'zeroSkipMatMul',
      outputShape,
      inputNames: ['x', 'weights'],
      uniforms: 'rows : i32, inFeatures : i32, outFeatures : i32, rowThreads : i32,',
      code,
      threads: rows * rowThreads,
    },
    [x, weights],
    [rows, inFeatures, outFeatures, rowThreads].map((value) => ({ type: 'int32', data: [value] })),
  );
};
