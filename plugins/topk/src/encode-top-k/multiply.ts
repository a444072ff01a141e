import type { TensorInfo } from '@tensorflow/tfjs-core';
import { workgroupThreads, type WebgpuScope } from '@tfjs-sparse/core';

const tile = 32; // rows and features of a workgroup: a thread has 4 x 4 of them
const depth = 16; // columns at a time

interface Operands {
  readonly x: TensorInfo;
  readonly dictionary: TensorInfo;
  readonly bias?: TensorInfo;
}

/** `x * dictionary^T + bias` for the features `first` to `first + features`: `[rows, features]`. */
export function multiply(
  gpu: WebgpuScope,
  { x, dictionary, bias }: Operands,
  rows: number,
  first: number,
  features: number,
): TensorInfo {
  const width = x.shape[1];
  const outputShape = [rows, features];
  if (width === 0 && !bias) return gpu.zeros(outputShape);
  const operands = width === 0 ? { x: bias!, dictionary: bias! } : { x, dictionary }; // an empty tensor cannot be bound
  const tilesOfRow = Math.ceil(features / tile);
  const tiles = Math.ceil(rows / tile) * tilesOfRow;
  return gpu.run({
    key: `encodeTopKProducts ${bias ? 'bias' : ''}`,
    outputShape,
    inputs: { ...operands, ...(bias && { bias }) },
    uniforms: { rows, first, features, width, tilesOfRow, depths: Math.ceil(width / depth) },
    threads: tiles * workgroupThreads,
    code: () => /* wgsl */ `
    var<workgroup> xTile : array<array<f32, ${tile}>, ${depth}>;
    var<workgroup> dictionaryTile : array<array<f32, ${tile}>, ${depth}>;
    // One workgroup per ${tile} rows and ${tile} features; every ${depth} columns are a sum of their own.
    fn main(index : i32) {
      let thread = index % ${workgroupThreads};
      let firstRow = index / ${workgroupThreads} / uniforms.tilesOfRow * ${tile};
      let firstFeature = index / ${workgroupThreads} % uniforms.tilesOfRow * ${tile};
      var sums : array<vec4<f32>, 4>;
      for (var each = 0; each < uniforms.depths; each++) {
        for (var i = thread; i < ${tile * depth}; i += ${workgroupThreads}) {
          let column = i % ${depth};
          let place = i / ${depth};
          let at = each * ${depth} + column;
          let row = firstRow + place;
          let feature = firstFeature + place;
          let isColumn = at < uniforms.width;
          var ofX = 0.0;
          var ofDictionary = 0.0;
          if (isColumn && row < uniforms.rows) { ofX = x[row * uniforms.width + at]; }
          if (isColumn && feature < uniforms.features) {
            ofDictionary = dictionary[(uniforms.first + feature) * uniforms.width + at];
          }
          xTile[column][place] = ofX;
          dictionaryTile[column][place] = ofDictionary;
        }
        workgroupBarrier();
        var parts = array<vec4<f32>, 4>(); // said, as SwiftShader keeps what the turn before left
        for (var column = 0; column < ${depth}; column++) {
          let place = thread % 8 * 4;
          let four = vec4<f32>(
            dictionaryTile[column][place],
            dictionaryTile[column][place + 1],
            dictionaryTile[column][place + 2],
            dictionaryTile[column][place + 3],
          );
          for (var i = 0; i < 4; i++) { parts[i] += xTile[column][thread / 8 * 4 + i] * four; }
        }
        for (var i = 0; i < 4; i++) { sums[i] += parts[i]; }
        workgroupBarrier();
      }
      for (var i = 0; i < 4; i++) {
        let row = firstRow + thread / 8 * 4 + i;
        for (var j = 0; j < 4; j++) {
          let feature = firstFeature + thread % 8 * 4 + j;
          if (row < uniforms.rows && feature < uniforms.features) {
            result[row * uniforms.features + feature] = sums[i][j]${bias ? ' + bias[uniforms.first + feature]' : ''};
          }
        }
      }
    }`,
  });
}
