import type { WebgpuKernel } from '@tfjs-sparse/core';
import { limitsOf } from '../matmul/activation.js';
import { clampCode } from '../matmul/clamp-code.js';
import { blockRowTable } from '../pattern/block-rows.js';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';
import type { QuantizedAttrs, QuantizedInput, QuantizedMatMulAttrs } from './op.js';
import type { QuantizedWeights } from './quantized-weights.js';

/** `[groups]`: the output of each kept group. */
export function outputOfGroups(groups: SparsityPattern): Int32Array {
  return blockRowTable(groups);
}

export const quantizedMatMul: WebgpuKernel<QuantizedInput, QuantizedMatMulAttrs> = (inputs, attrs, gpu) => {
  const { x, scales, zeros, bias } = inputs;
  const { weights, activation } = attrs;
  const { inFeatures, outFeatures, bits, groupSize, groups, groupCount } = weights;
  const outputShape = [x.shape[0], outFeatures];
  if (x.shape[0] * outFeatures === 0) return gpu.zeros(outputShape);
  const isPadded = inFeatures % groupSize > 0;
  const code = /* wgsl */ `
    ${codeVectors}
    // Four inputs of a row; those that only the padding of the last group has are 0.
    fn inputs(row : i32, first : i32) -> vec4<f32> {
      var four = vec4<f32>(0.0);
      for (var i = 0; i < 4; i++) {
        if (${isPadded ? 'first + i < uniforms.inFeatures' : 'true'}) { four[i] = x[row * uniforms.inFeatures + first + i]; }
      }
      return four;
    }

    // One thread per output of one row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let output = index % uniforms.outFeatures;
      let row = index / uniforms.outFeatures;
      var sum = 0.0;
      for (var group = starts[output]; group < starts[output + 1]; group++) {
        let zero = zeros[group];
        var groupSum = 0.0;
        for (var word = 0; word < ${wordsOf(weights)}; word++) {
          let bits = codes[group * ${wordsOf(weights)} + word];
          ${forEachVector(weights, 'groupSum += dot(FOUR - zero, inputs(row, columns[group] * GROUP + FIRST));')}
        }
        sum += scales[group] * groupSum;
      }
      ${bias ? 'sum += bias[output];' : ''}
      ${clampCode(...limitsOf(activation))}
      result[index] = sum;
    }`;
  const present = groupCount > 0 ? [scales, zeros] : [x, x]; // an empty tensor cannot be bound
  const features = inFeatures > 0 ? x : gpu.table(groups.starts);
  return gpu.run(
    {
      key: `quantizedMatMul ${bits} ${groupSize} ${activation}${bias ? ' bias' : ''}${isPadded ? ' padded' : ''}`,
      outputShape,
      inputNames: ['x', 'scales', 'zeros', 'starts', 'columns', 'codes', ...(bias ? ['bias'] : [])],
      uniforms: 'inFeatures : i32, outFeatures : i32,',
      code,
    },
    [
      features,
      ...present,
      gpu.table(groups.starts),
      gpu.table(groups.columns),
      gpu.table(weights.codes),
      ...(bias ? [bias] : []),
    ],
    [inFeatures, outFeatures].map((value) => ({ type: 'int32', data: [value] })),
  );
};

export const inputGradient: WebgpuKernel<'dy' | 'scales' | 'zeros', QuantizedAttrs> = (inputs, { weights }, gpu) => {
  const { dy, scales, zeros } = inputs;
  const { inFeatures, outFeatures, bits, groupSize, groups, groupCount } = weights;
  const outputShape = [dy.shape[0], inFeatures];
  if (dy.shape[0] * inFeatures === 0 || groupCount === 0) return gpu.zeros(outputShape);
  const { pattern, order } = groups.transposed();
  const code = /* wgsl */ `
    ${codeVectors}
    // One thread per input of one row: the kept groups that have it, outputs ascending.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let input = index % uniforms.inFeatures;
      let row = index / uniforms.inFeatures;
      let place = input % ${groupSize};
      let word = ${bits === 8 ? 'place / 4' : 'place / 16 * 2 + place % 8 / 4'};
      let shift = ${bits === 8 ? 'place % 4 * 8' : 'place % 4 * 8 + place % 16 / 8 * 4'};
      var sum = 0.0;
      for (var i = starts[input / ${groupSize}]; i < starts[input / ${groupSize} + 1]; i++) {
        let group = order[i];
        let code = f32((u32(codes[group * ${wordsOf(weights)} + word]) >> u32(shift)) & ${2 ** bits - 1}u);
        sum += scales[group] * (code - zeros[group]) * dy[row * uniforms.outFeatures + outputs[i]];
      }
      result[index] = sum;
    }`;
  return gpu.run(
    {
      key: `quantizedInputGradient ${bits} ${groupSize}`,
      outputShape,
      inputNames: ['dy', 'scales', 'zeros', 'starts', 'outputs', 'order', 'codes'],
      uniforms: 'inFeatures : i32, outFeatures : i32,',
      code,
    },
    [
      dy,
      scales,
      zeros,
      gpu.table(pattern.starts),
      gpu.table(pattern.columns),
      gpu.table(order),
      gpu.table(weights.codes),
    ],
    [inFeatures, outFeatures].map((value) => ({ type: 'int32', data: [value] })),
  );
};

export const groupProducts: WebgpuKernel<'x' | 'dy', QuantizedAttrs> = ({ x, dy }, { weights }, gpu) => {
  const { inFeatures, outFeatures, bits, groupSize, groups, groupCount } = weights;
  const rows = x.shape[0];
  const outputShape = [2, groupCount];
  if (groupCount === 0 || rows === 0) return gpu.zeros(outputShape);
  const code = /* wgsl */ `
    ${codeVectors}
    // x^T * dy of one input and one output; 0 for what only the padding of the last group has.
    fn product(input : i32, output : i32) -> f32 {
      var sum = 0.0;
      if (input < uniforms.inFeatures) {
        for (var row = 0; row < uniforms.rows; row++) {
          sum += x[row * uniforms.inFeatures + input] * dy[row * uniforms.outFeatures + output];
        }
      }
      return sum;
    }

    fn products(first : i32, output : i32) -> vec4<f32> {
      return vec4<f32>(product(first, output), product(first + 1, output), product(first + 2, output), product(first + 3, output));
    }

    // One thread per kept group and kind: weighted by the codes, then plain.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let isWeighted = index < uniforms.groups;
      let group = index % uniforms.groups;
      let output = outputs[group];
      var sum = 0.0;
      for (var word = 0; word < ${wordsOf(weights)}; word++) {
        let bits = codes[group * ${wordsOf(weights)} + word];
        ${forEachVector(
          weights,
          `sum += dot(select(vec4<f32>(1.0), FOUR, isWeighted), products(columns[group] * GROUP + FIRST, output));`,
        )}
      }
      result[index] = sum;
    }`;
  return gpu.run(
    {
      key: `quantizedGroupProducts ${bits} ${groupSize}`,
      outputShape,
      inputNames: ['x', 'dy', 'outputs', 'columns', 'codes'],
      uniforms: 'rows : i32, inFeatures : i32, outFeatures : i32, groups : i32,',
      code,
    },
    [x, dy, gpu.table(outputOfGroups(groups)), gpu.table(groups.columns), gpu.table(weights.codes)],
    [rows, inFeatures, outFeatures, groupCount].map((value) => ({ type: 'int32', data: [value] })),
  );
};

/** Four codes of a word, from the lowest byte: whole bytes, or their low (shift 0) or high (shift 4) halves. */
const codeVectors = /* wgsl */ `
    fn fourCodes(word : i32, shift : u32, mask : u32) -> vec4<f32> {
      let bytes = vec4<u32>(u32(word)) >> vec4<u32>(shift, shift + 8u, shift + 16u, shift + 24u);
      return vec4<f32>(bytes & vec4<u32>(mask));
    }`;

function wordsOf({ groupSize, bits }: QuantizedWeights): number {
  return (groupSize * bits) / 32;
}

/** `statement` for each four codes of `bits`, the word `word` of a group: FOUR are they, FIRST their place, GROUP its size. */
function forEachVector({ bits, groupSize }: QuantizedWeights, statement: string): string {
  const vectors =
    bits === 8
      ? [['fourCodes(bits, 0u, 255u)', '4 * word']]
      : [
          ['fourCodes(bits, 0u, 15u)', '(word / 2 * 16 + word % 2 * 4)'],
          ['fourCodes(bits, 4u, 15u)', '(word / 2 * 16 + word % 2 * 4 + 8)'],
        ];
  return vectors
    .map(([four, first]) => statement.replace('FOUR', four).replace('FIRST', first).replace('GROUP', String(groupSize)))
    .join('\n          ');
}
