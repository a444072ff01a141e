import type { TensorInfo } from '@tensorflow/tfjs-core';
import { derivedKey, rowBlocks, type WebgpuKernel, type WebgpuScope } from '@tfjs-sparse/core';
import { epilogueCode } from '../epilogue-code.js';
import { joinTables } from '../join-tables.js';
import type { QuantizedGroupProducts, QuantizedInputGradient, QuantizedMatMul } from './attributes.js';
import type { QuantizedWeights } from './quantized-weights.js';

const groupTables = derivedKey<Int32Array>();

/** Where the groups of each output start, then the place of each. */
export function groupTable({ groups: { blocks } }: QuantizedWeights): Int32Array {
  return blocks.derived(groupTables, (own) => own(joinTables(blocks.starts, blocks.columns)));
}

export const quantizedMatMul: WebgpuKernel<QuantizedMatMul> = (inputs, { weights, activation }, gpu) => {
  const { x, scales, zeros } = inputs;
  const { inFeatures, outFeatures, bits, groupSize, groupCount } = weights;
  const outputShape = [x.shape[0], outFeatures];
  const isEmpty = groupCount === 0; // then x, scales and zeros may be empty, which cannot be bound
  const hasSums = !isEmpty || inputs.bias || inputs.residual;
  if (x.shape[0] * outFeatures === 0 || !hasSums) return { y: gpu.zeros(outputShape) };
  const isPadded = inFeatures % groupSize > 0;
  const epilogue = epilogueCode(inputs, activation);
  const inputsCode = /* wgsl */ `
    ${codeVectors}
    // Four inputs of a row; those that only the padding of the last group has are 0.
    fn inputs(row : i32, first : i32) -> vec4<f32> {
      var four = vec4<f32>(0.0);
      for (var i = 0; i < 4; i++) {
        if (${isPadded ? 'first + i < uniforms.inFeatures' : 'true'}) { four[i] = x[row * uniforms.inFeatures + first + i]; }
      }
      return four;
    }`;
  const addGroupsCode = /* wgsl */ `
      let row = index / uniforms.outFeatures;
      for (var group = groups[output]; group < groups[output + 1]; group++) {
        let first = groups[uniforms.outFeatures + 1 + group] * ${groupSize};
        let zero = zeros[group];
        var groupSum = 0.0;
        for (var word = 0; word < ${wordsOf(weights)}; word++) {
          let bits = codes[group * ${wordsOf(weights)} + word];
          ${forEachVector(weights, 'groupSum += dot(FOUR - zero, inputs(row, first + FIRST));')}
        }
        sum += scales[group] * groupSum;
      }`;
  const code = () => /* wgsl */ `
    ${isEmpty ? '' : inputsCode}
    ${epilogue.code()}
    // One thread per output of one row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let output = index % uniforms.outFeatures;
      var sum = 0.0;
      ${isEmpty ? '' : addGroupsCode}
      result[index] = finished(sum, output, index);
    }`;
  const tables = { groups: gpu.table(groupTable(weights)), codes: gpu.table(weights.codes) };
  const operands: Record<string, TensorInfo> = isEmpty ? {} : { x, scales, zeros, ...tables };
  const kind = isEmpty ? 'empty' : `${bits} ${groupSize}${isPadded ? ' padded' : ''}`;
  const program = {
    key: `quantizedMatMul ${kind}${epilogue.key}`,
    outputShape,
    inputs: { ...operands, ...epilogue.inputs },
    uniforms: { inFeatures, outFeatures, ...epilogue.uniforms },
    code,
  };
  return { y: gpu.run(program) };
};

export const inputGradient: WebgpuKernel<QuantizedInputGradient> = ({ dy, scales, zeros }, { weights }, gpu) => {
  const { inFeatures, outFeatures, bits, groupSize, groups, groupCount } = weights;
  const outputShape = [dy.shape[0], inFeatures];
  if (dy.shape[0] * inFeatures === 0 || groupCount === 0) return { dx: gpu.zeros(outputShape) };
  const { pattern, order } = groups.transposed();
  const code = () => /* wgsl */ `
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
  const tables = {
    starts: gpu.table(pattern.starts),
    outputs: gpu.table(pattern.columns),
    order: gpu.table(order),
    codes: gpu.table(weights.codes),
  };
  const program = {
    key: `quantizedInputGradient ${bits} ${groupSize}`,
    outputShape,
    inputs: { dy, scales, zeros, ...tables },
    uniforms: { inFeatures, outFeatures },
    code,
  };
  return { dx: gpu.run(program) };
};

export const groupProducts: WebgpuKernel<QuantizedGroupProducts> = ({ x, dy }, { weights }, gpu) => {
  const { inFeatures, outFeatures, bits, groupSize, groups, groupCount } = weights;
  const rows = x.shape[0];
  if (groupCount === 0 || rows === 0) return { weighted: gpu.zeros([groupCount]), plain: gpu.zeros([groupCount]) };
  const code = () => /* wgsl */ `
    ${codeVectors}
    // x^T * dy of one input and one output, block by block; 0 for what only the padding of the last group has.
    fn product(input : i32, output : i32) -> f32 {
      var sum = 0.0;
      if (input >= uniforms.inFeatures) { return sum; }
      for (var first = 0; first < uniforms.rows; first += uniforms.blockRows) {
        let end = min(first + uniforms.blockRows, uniforms.rows);
        var blockSum = 0.0;
        for (var row = first; row < end; row++) {
          blockSum += x[row * uniforms.inFeatures + input] * dy[row * uniforms.outFeatures + output];
        }
        sum += blockSum;
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
  const tables = {
    outputs: gpu.table(groups.blocks.rows),
    columns: gpu.table(groups.columns),
    codes: gpu.table(weights.codes),
  };
  const both = gpu.run({
    key: `quantizedGroupProducts ${bits} ${groupSize}`,
    outputShape: [2, groupCount],
    inputs: { x, dy, ...tables },
    uniforms: { rows, blockRows: rowBlocks(rows).blockRows, inFeatures, outFeatures, groups: groupCount },
    code,
  });
  const [weighted, plain] = [0, 1].map((kind) => rowOf(both, kind, gpu));
  gpu.dispose(both);
  return { weighted, plain };
};

/** A row of a matrix: a program has one output. */
function rowOf(matrix: TensorInfo, row: number, gpu: WebgpuScope): TensorInfo {
  const [, columns] = matrix.shape;
  const code = () => /* wgsl */ `
    // One thread per column.
    fn main(column : i32) {
      if (column < uniforms.size) { result[column] = matrix[uniforms.row * uniforms.size + column]; }
    }`;
  return gpu.run({ key: 'rowOf', outputShape: [columns], inputs: { matrix }, uniforms: { row }, code });
}

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
