import { float32Array, requireRange } from '@tfjs-sparse/core';
import { requireGroupRule, SparsityPattern, type BlockOutputs, type GroupRule } from './sparsity-pattern.js';

export interface PackOptions {
  /** Consecutive outputs that share their pattern; default 1. A block is kept if one of its weights is not 0. */
  readonly blockOutputs?: BlockOutputs;
  /** Requires that every group of m inputs has at most n kept blocks, and keeps exactly n. Default: no such rule. */
  readonly groups?: GroupRule;
}

/** Kept weights and where they are. */
export interface PackedWeights {
  readonly pattern: SparsityPattern;
  /** `[blocks, blockOutputs]`, row-major. */
  readonly values: Float32Array;
}

const name = 'packWeights';

/**
 * The weights of a dense matrix that are not 0, without the zeros. Where fewer than n blocks of a group are not 0, the
 * first zeros of the group are kept as well, so that each group keeps n; a last group of fewer than n inputs keeps all.
 *
 * @param weights     `[inFeatures, outFeatures]`, row-major, as the kernel of a dense layer
 * @param inFeatures  any number: with `groups`, one that m does not divide leaves a shorter last group
 * @throws RangeError for NaN, and for a group with more than n; the message names the first one. TypeError for what is no
 *   array of numbers
 */
export function packWeights(
  weights: ArrayLike<number>,
  [inFeatures, outFeatures]: readonly [inFeatures: number, outFeatures: number],
  { blockOutputs = 1, groups }: PackOptions = {},
): PackedWeights {
  const dense = float32Array(name, 'weights', weights);
  const weightCount = inFeatures * outFeatures;
  requireRange(dense.length === weightCount, name, `weights must have ${weightCount} values`, dense.length);
  const invalid = dense.findIndex(Number.isNaN);
  requireRange(invalid < 0, name, 'weights must be numbers', `NaN at [${positionOf(invalid, outFeatures)}]`);
  if (groups) requireGroupRule(groups, name);
  const blockRows = Math.ceil(outFeatures / blockOutputs);
  const starts = new Int32Array(blockRows + 1);
  const columns: number[] = [];
  for (let row = 0; row < blockRows; row++) {
    const outputs = Math.min(blockOutputs, outFeatures - row * blockOutputs);
    const isKept = (input: number) => {
      const first = input * outFeatures + row * blockOutputs;
      for (let i = first; i < first + outputs; i++) if (dense[i] !== 0) return true;
      return false;
    };
    if (groups) for (const column of columnsInGroups(isKept, inFeatures, groups, row)) columns.push(column);
    else for (let input = 0; input < inFeatures; input++) if (isKept(input)) columns.push(input);
    starts[row + 1] = columns.length;
  }
  const pattern = new SparsityPattern(starts, Int32Array.from(columns), {
    inFeatures,
    outFeatures,
    blockOutputs,
    groups,
  });
  return { pattern, values: keptWeights(dense, pattern) };
}

/** The dense matrix `[inFeatures, outFeatures]`, row-major, of packed weights. */
export function unpackWeights({ pattern, values }: PackedWeights): Float32Array {
  const kept = float32Array('unpackWeights', 'values', values);
  const dense = new Float32Array(pattern.inFeatures * pattern.outFeatures);
  forEachWeight(pattern, (weight, element) => (dense[element] = kept[weight]));
  return dense;
}

/** What `pattern` keeps of a dense matrix `[inFeatures, outFeatures]`. */
export function keptWeights(weights: ArrayLike<number>, pattern: SparsityPattern): Float32Array {
  const dense = float32Array('keptWeights', 'weights', weights);
  const values = new Float32Array(pattern.blockCount * pattern.blockOutputs);
  forEachWeight(pattern, (weight, element) => (values[weight] = dense[element]));
  return values;
}

/** `[blocks * blockOutputs]`: the element of the flat `[inFeatures, outFeatures]` that each kept weight is. */
export function denseElements(pattern: SparsityPattern): Int32Array {
  const elements = new Int32Array(pattern.blockCount * pattern.blockOutputs);
  forEachWeight(pattern, (weight, element) => (elements[weight] = element));
  return elements;
}

function forEachWeight(pattern: SparsityPattern, visit: (weight: number, element: number) => void): void {
  const { outFeatures, blockOutputs, starts, columns } = pattern;
  for (let row = 0; row < starts.length - 1; row++) {
    const outputs = Math.min(blockOutputs, outFeatures - row * blockOutputs);
    for (let block = starts[row]; block < starts[row + 1]; block++) {
      for (let lane = 0; lane < outputs; lane++) {
        visit(block * blockOutputs + lane, columns[block] * outFeatures + row * blockOutputs + lane);
      }
    }
  }
}

function columnsInGroups(
  isKept: (input: number) => boolean,
  inFeatures: number,
  { n, m }: GroupRule,
  row: number,
): number[] {
  const columns: number[] = [];
  for (let first = 0; first < inFeatures; first += m) {
    const inputs = Array.from({ length: Math.min(m, inFeatures - first) }, (_, i) => first + i);
    const kept = inputs.filter(isKept);
    const rule = `weights must be ${n} of ${m}: at most ${n} kept in group ${first / m} of row ${row}`;
    requireRange(kept.length <= n, name, rule, kept.length);
    const zeros = inputs.filter((input) => !kept.includes(input)).slice(0, n - kept.length);
    columns.push(...[...kept, ...zeros].sort((a, b) => a - b));
  }
  return columns;
}

function positionOf(element: number, outFeatures: number): string {
  return `${Math.floor(element / outFeatures)}, ${element % outFeatures}`;
}
