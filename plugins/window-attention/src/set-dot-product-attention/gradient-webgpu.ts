import type { TensorInfo } from '@tensorflow/tfjs-core';
import { f32, workgroupThreads, type WebgpuKernel, type WebgpuScope } from '@tfjs-sparse/core';
import type { SetAttentionGradient } from './attributes.js';
import { biasGradientWebgpu } from './bias-gradient-webgpu.js';
import { biasCode, biasUniforms, loadTilesCode, partCode } from './webgpu-code.js';
import { gpuLists } from './webgpu-lists.js';
import { columnsOf, tileOf } from './webgpu.js';

/** Queries and keys in turn stay in threads while the others pass by; scores are computed again for each. */
export const setAttentionGradientWebgpu: WebgpuKernel<SetAttentionGradient> = (inputs, attrs, gpu) => {
  const { q, k, v, bias, y, logSumExp, dy } = inputs;
  const { heads, scale, positions, lists } = attrs;
  const channels = q.shape[1] / heads;
  const tables = gpuLists(attrs);
  const keyShape = [lists.keys.entryCount, q.shape[1]];
  const biasShape = [lists.queries.rowCount, (bias?.shape[0] ?? 0) * heads];
  if (q.shape[0] === 0 || keyShape[0] === 0) {
    const [dq, dk, dv, dbias] = [q.shape, keyShape, keyShape, biasShape].map((shape) => gpu.zeros(shape));
    return { dq, dk, dv, dbias };
  }
  const statistics = statisticsOf(gpu, { y, dy, logSumExp }, q.shape[0] * heads, channels);
  const operands = { q, k, v, dy, statistics, lists: gpu.table(tables.table), ...(bias && { bias }) };
  const uniforms = {
    heads,
    scale: f32(scale),
    queriesAt: tables.queriesAt,
    keysAt: tables.keysAt,
    ...biasUniforms(positions, tables),
  };
  const tile = tileOf(channels, gpu.workgroupBytes);
  const key = `${channels} ${tile} ${bias ? positions!.axes : ''}`;
  const shared = /* wgsl */ `
    var<workgroup> firstTile : array<f32, ${tile * channels}>;
    var<workgroup> secondTile : array<f32, ${tile * channels}>;
    ${partCode}
    ${biasCode(positions)}`;
  const dq = gpu.run({
    key: `setAttentionQueryGradient ${key}`,
    outputShape: q.shape,
    inputs: operands,
    uniforms: { ...uniforms, tiles: tables.queryTiles },
    threads: tables.queryTiles * heads * workgroupThreads,
    code: () => shared + queryCode(channels, tile, bias !== undefined),
  });
  const both = gpu.run({
    key: `setAttentionKeyGradient ${key}`,
    outputShape: [keyShape[0] * heads, 2 * channels],
    inputs: operands,
    uniforms: { ...uniforms, tiles: tables.keyTiles, tilesAt: tables.keyTilesAt },
    threads: tables.keyTiles * heads * workgroupThreads,
    code: () => shared + keyCode(channels, tile, bias !== undefined),
  });
  const dk = columnsOf(gpu, both, 0, channels, keyShape);
  const dv = columnsOf(gpu, both, channels, channels, keyShape);
  const dbias = bias ? biasGradientWebgpu(gpu, operands, attrs, uniforms, biasShape) : gpu.zeros(biasShape);
  gpu.dispose(both);
  gpu.dispose(statistics);
  return { dq, dk, dv, dbias };
};

/** `[rows, 2]`: the log-sum-exp of each query, and dy . y. */
export function statisticsOf(
  gpu: WebgpuScope,
  inputs: Readonly<Record<'y' | 'dy' | 'logSumExp', TensorInfo>>,
  rows: number,
  channels: number,
): TensorInfo {
  return gpu.run({
    key: 'setAttentionStatistics',
    outputShape: [rows, 2],
    inputs,
    uniforms: { channels },
    code: () => /* wgsl */ `
    // One thread per element.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = index / 2;
      if (index % 2 == 0) { result[index] = logSumExp[row]; return; }
      var sum = 0.0;
      for (var i = row * uniforms.channels; i < (row + 1) * uniforms.channels; i++) { sum += dy[i] * y[i]; }
      result[index] = sum;
    }`,
  });
}

function queryCode(channels: number, tile: number, hasBias: boolean): string {
  return /* wgsl */ `
    // One workgroup per head of up to 64 queries of a set, one thread per query; all keys of the set pass by.
    fn main(index : i32) {
      let thread = index % ${workgroupThreads};
      let head = index / ${workgroupThreads} % uniforms.heads;
      let part = partOf(index / ${workgroupThreads} / uniforms.heads, uniforms.tiles, 0, thread);
      let isQuery = thread < part.y;
      let site = lists[uniforms.queriesAt + part.x + select(0, thread, isQuery)];
      let at = site * uniforms.heads + head;
      var query : array<f32, ${channels}>;
      var given : array<f32, ${channels}>;
      var gradient : array<f32, ${channels}>;
      for (var channel = 0; channel < ${channels}; channel++) {
        query[channel] = q[at * ${channels} + channel] * uniforms.scale;
        given[channel] = dy[at * ${channels} + channel];
        gradient[channel] = 0.0;
      }
      for (var first = 0; first < part.w; first += ${tile}) {
        ${loadTilesCode(channels, tile, 'keysAt', ['firstTile', 'k[source]'], ['secondTile', 'v[source]'])}
        for (var i = 0; i < count; i++) {
          var score = ${hasBias ? 'biasOf(site, lists[uniforms.keysAt + part.z + first + i], head)' : '0.0'};
          var product = 0.0;
          for (var channel = 0; channel < ${channels}; channel++) {
            score += query[channel] * firstTile[i * ${channels} + channel];
            product += given[channel] * secondTile[i * ${channels} + channel];
          }
          let ofScore = exp(score - statistics[2 * at]) * (product - statistics[2 * at + 1]) * uniforms.scale;
          for (var channel = 0; channel < ${channels}; channel++) { gradient[channel] += ofScore * firstTile[i * ${channels} + channel]; }
        }
        workgroupBarrier();
      }
      if (!isQuery) { return; }
      for (var channel = 0; channel < ${channels}; channel++) { result[at * ${channels} + channel] = gradient[channel]; }
    }`;
}

function keyCode(channels: number, tile: number, hasBias: boolean): string {
  return /* wgsl */ `
    // One workgroup per head of up to 64 keys of a set, one thread per key; all queries of the set pass by.
    fn main(index : i32) {
      let thread = index % ${workgroupThreads};
      let head = index / ${workgroupThreads} % uniforms.heads;
      let part = partOf(index / ${workgroupThreads} / uniforms.heads, uniforms.tiles, uniforms.tilesAt, thread);
      let isKey = thread < part.y;
      let entry = part.x + select(0, thread, isKey);
      let site = lists[uniforms.keysAt + entry];
      let at = site * uniforms.heads + head;
      var key : array<f32, ${channels}>;
      var value : array<f32, ${channels}>;
      var keyGradient : array<f32, ${channels}>;
      var valueGradient : array<f32, ${channels}>;
      for (var channel = 0; channel < ${channels}; channel++) {
        key[channel] = k[at * ${channels} + channel];
        value[channel] = v[at * ${channels} + channel];
        keyGradient[channel] = 0.0;
        valueGradient[channel] = 0.0;
      }
      for (var first = 0; first < part.w; first += ${tile}) {
        ${loadTilesCode(channels, tile, 'queriesAt', ['firstTile', 'q[source] * uniforms.scale'], ['secondTile', 'dy[source]'])}
        for (var i = 0; i < count; i++) {
          let query = lists[uniforms.queriesAt + part.z + first + i];
          var score = ${hasBias ? 'biasOf(query, site, head)' : '0.0'};
          var product = 0.0;
          for (var channel = 0; channel < ${channels}; channel++) {
            score += firstTile[i * ${channels} + channel] * key[channel];
            product += secondTile[i * ${channels} + channel] * value[channel];
          }
          let ofQuery = 2 * (query * uniforms.heads + head);
          let power = exp(score - statistics[ofQuery]);
          let ofScore = power * (product - statistics[ofQuery + 1]);
          for (var channel = 0; channel < ${channels}; channel++) {
            keyGradient[channel] += ofScore * firstTile[i * ${channels} + channel];
            valueGradient[channel] += power * secondTile[i * ${channels} + channel];
          }
        }
        workgroupBarrier();
      }
      if (!isKey) { return; }
      let to = (entry * uniforms.heads + head) * ${2 * channels};
      for (var channel = 0; channel < ${channels}; channel++) {
        result[to + channel] = keyGradient[channel];
        result[to + ${channels} + channel] = valueGradient[channel];
      }
    }`;
}
