import { sortedSites } from '../../../oracle/sites.js';
import type { ExactTensor, ExactTensors } from '../../../src/tensor-operation.js';
import { exactBranch, exactConvolution } from './branch-operands.js';
import { encoded, normalized, normalShare, times } from './exact-encoder.js';
import { exactPatches } from './exact-patches.js';
import type { LitePTSizes } from './lite-pt-weights.js';

const orders = ['z', 'z-trans', 'hilbert', 'hilbert-trans'] as const;
const normEpsilon = 1e-3;

interface Level {
  readonly x: ExactTensor;
  readonly coordinates: ExactTensor;
}

/** LitePT with a decoder without blocks; `inputs` has its weights by their names. */
export function exactLitePT(inputs: ExactTensors, sizes: LitePTSizes): ExactTensor {
  const { encoderChannels, encoderDepths, decoderChannels = [] } = sizes;
  const { x, coordinates } = inputs;
  const stem = exactConvolution(x, coordinates, inputs['stem.kernel'], new Array<number>(encoderChannels[0]).fill(0));
  let level: Level = { x: geluOfNorm(stem, inputs, 'stem_norm'), coordinates };
  const finer: { readonly level: Level; readonly cellOf: readonly number[] }[] = [];
  encoderChannels.forEach((_, stage) => {
    if (stage > 0) {
      const { pooled, cellOf } = pool(level, inputs, `pool${stage}`);
      finer.push({ level, cellOf });
      level = pooled;
    }
    for (let block = 0; block < encoderDepths[stage]; block++)
      level = { ...level, x: runBlock(level, inputs, sizes, stage, block) };
  });
  for (let stage = decoderChannels.length - 1; stage >= 0; stage--) {
    const { level: fine, cellOf } = finer[stage];
    const project = (from: ExactTensor, part: string) =>
      geluOfNorm(linear(from, inputs, `unpool${stage}.${part}_linear`), inputs, `unpool${stage}.${part}_norm`);
    const [ofFine, ofCoarse] = [project(fine.x, 'fine'), project(level.x, 'coarse')];
    const width = ofFine.shape[1];
    const values = ofFine.values.map(
      (value, i) => value + ofCoarse.values[cellOf[Math.floor(i / width)] * width + (i % width)],
    );
    level = { ...fine, x: { shape: ofFine.shape, values } };
  }
  return level.x;
}

function linear(x: ExactTensor, inputs: ExactTensors, name: string): number[] {
  return times(x.values, x.shape[0], inputs[`${name}.kernel`], inputs[`${name}.bias`]);
}

/** Batch normalization with given statistics, and gelu. */
function geluOfNorm(values: readonly number[], inputs: ExactTensors, name: string): ExactTensor {
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(
    (part) => inputs[`${name}.${part}`].values,
  );
  const active = values.map((value, i) => {
    const channel = i % gamma.length;
    const normal = (value - mean[channel]) / Math.sqrt(variance[channel] + normEpsilon);
    const moved = normal * gamma[channel] + beta[channel];
    return moved * normalShare(moved);
  });
  return { shape: [values.length / gamma.length, gamma.length], values: active };
}

function pool({ x, coordinates }: Level, inputs: ExactTensors, name: string) {
  const [count, columns] = coordinates.shape;
  const cells = Array.from({ length: count }, (_, row) => {
    const [batch, ...cell] = coordinates.values.slice(row * columns, (row + 1) * columns);
    return [batch, ...cell.map((value) => Math.floor(value / 2))];
  });
  const coarse = sortedSites(cells);
  const rowOf = new Map(coarse.map((cell, row) => [cell.join(), row]));
  const cellOf = cells.map((cell) => rowOf.get(cell.join())!);
  const projected = linear(x, inputs, `${name}.linear`);
  const width = projected.length / count;
  const greatest = coarse.flatMap((_, cell) =>
    Array.from({ length: width }, (_, channel) =>
      Math.max(...cellOf.flatMap((of, row) => (of === cell ? [projected[row * width + channel]] : []))),
    ),
  );
  const pooled: Level = {
    x: geluOfNorm(greatest, inputs, `${name}.norm`),
    coordinates: { shape: [coarse.length, columns], values: coarse.flat() },
  };
  return { pooled, cellOf };
}

function runBlock(
  { x, coordinates }: Level,
  inputs: ExactTensors,
  { hasConvolution, hasAttention, encoderHeads, patchSize = 1024 }: LitePTSizes,
  stage: number,
  block: number,
): ExactTensor {
  const of = (name: string) => inputs[`encoder${stage}_block${block}.${name}`];
  const branch = {
    ...{ x, coordinates, filter: of('convolution.kernel'), filterBias: of('convolution.bias') },
    ...{ linear: of('branch_linear.kernel'), linearBias: of('branch_linear.bias') },
    ...{ branchScale: of('branch_norm.gamma'), branchOffset: of('branch_norm.beta') },
  };
  const values = hasConvolution[stage]
    ? exactBranch(branch)
    : normalized(x.values, of('norm0.gamma').values, of('norm0.beta').values, 1e-5);
  const start = { shape: x.shape, values };
  if (!hasAttention[stage]) return start;
  const greatest = Math.max(...coordinates.values.filter((_, i) => i % 4 > 0)); // of coordinates from 0
  const depth = Math.floor(Math.log2(greatest + 1)) + 1;
  const sets = exactPatches(coordinates, { order: orders[block % orders.length], patchSize, depth });
  const weights = {
    ...{ x: start, coordinates, qkv: of('attention.qkv'), qkvBias: of('attention.qkv_bias') },
    ...{ output: of('attention.output'), outputBias: of('attention.output_bias') },
    ...{ scale1: of('norm1.gamma'), offset1: of('norm1.beta'), scale2: of('norm2.gamma'), offset2: of('norm2.beta') },
    ...{ inner: of('inner.kernel'), innerBias: of('inner.bias'), outer: of('outer.kernel') },
    outerBias: of('outer.bias'),
  };
  const attrs = { sets, heads: encoderHeads?.[stage] ?? 1, activation: 'gelu', order: 'normFirst', rope: 100 } as const;
  return { shape: x.shape, values: encoded(weights, attrs) };
}
