import type { Safetensors, SafetensorsTensor } from '@tfjs-sparse/core';
import { orientedTensor, tensorOf } from './peer-attention.js';
import { int32Tensor, integersOf } from './peer-tables.js';

const encoderNames = {
  qkv: 'attn.qkv.weight',
  qkvBias: 'attn.qkv.bias',
  output: 'attn.proj.weight',
  outputBias: 'attn.proj.bias',
  inner: 'mlp.0.fc1.weight',
  innerBias: 'mlp.0.fc1.bias',
  outer: 'mlp.0.fc2.weight',
  outerBias: 'mlp.0.fc2.bias',
  scale1: 'norm1.0.weight',
  offset1: 'norm1.0.bias',
  scale2: 'norm2.0.weight',
  offset2: 'norm2.0.bias',
};

const matrices = ['qkv', 'output', 'inner', 'outer', 'linear'];

/** Those of a Block of Point Transformer V3 or LitePT that the file has, by our names. */
export function blockNames(file: Safetensors, block: string, branch: string): Record<string, string> {
  const names = {
    ...encoderNames,
    relativeBias: 'attn.rpe.rpe_table',
    filter: `${branch}.0.weight`,
    filterBias: `${branch}.0.bias`,
    linear: `${branch}.1.weight`,
    linearBias: `${branch}.1.bias`,
    branchScale: `${branch}.2.weight`,
    branchOffset: `${branch}.2.bias`,
    scale0: 'norm0.0.weight',
    offset0: 'norm0.0.bias',
  };
  const entries = Object.entries(names).map(([ours, theirs]) => [ours, block + theirs]);
  return Object.fromEntries(entries.filter(([, theirs]) => file.tensors.has(`w.${theirs}`))) as Record<string, string>;
}

/** @param start 'w.' or 'grad.w.' */
export function blockTensors(
  file: Safetensors,
  names: Readonly<Record<string, string>>,
  start: string,
): Record<string, SafetensorsTensor> {
  return Object.fromEntries(
    Object.entries(names).map(([ours, theirs]) => [
      ours,
      ours === 'filter'
        ? filterOf(file, start + theirs)
        : orientedTensor(file, start + theirs, matrices.includes(ours)),
    ]),
  );
}

/** spconv's [out, kx, ky, kz, in] as [offsets, in, out]. */
export function filterOf(file: Safetensors, name: string): SafetensorsTensor {
  const { shape, values } = tensorOf(file, name);
  const [outChannels, inChannels] = [shape[0], shape[4]];
  const offsets = shape[1] * shape[2] * shape[3];
  const turned = new Float32Array(values.length);
  for (let to = 0; to < outChannels; to++)
    for (let offset = 0; offset < offsets; offset++)
      for (let from = 0; from < inChannels; from++)
        turned[(offset * inChannels + from) * outChannels + to] = Number(
          values[(to * offsets + offset) * inChannels + from],
        );
  return { dtype: 'F32', shape: [offsets, inChannels, outChannels], values: turned };
}

/** Batch index, x, y, z of every point. */
export function pointCoordinates(file: Safetensors): SafetensorsTensor {
  const batches = integersOf(file, 'in.batch');
  const cells = integersOf(file, 'in.grid_coord');
  const rows = batches.flatMap((batch, point) => [batch, ...cells.slice(3 * point, 3 * point + 3)]);
  return int32Tensor(rows, [batches.length, 4]);
}
