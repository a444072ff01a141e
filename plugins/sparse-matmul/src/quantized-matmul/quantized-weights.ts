import { int32Array, requireRange, requireType } from '@tfjs-sparse/core';
import { requireFeatureCounts, SparsityPattern } from '../pattern/sparsity-pattern.js';

export type Bits = 4 | 8;
export type GroupSize = 16 | 32;

export interface QuantizedWeightsOptions {
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** Of a code. */
  readonly bits: Bits;
  /** Consecutive inputs that share scale and zero point, and are kept or dropped together. */
  readonly groupSize: GroupSize;
  /** Which groups are kept: a pattern of `[ceil(inFeatures / groupSize), outFeatures]` with single outputs. */
  readonly groups: SparsityPattern;
  /** See QuantizedWeights; copied. */
  readonly codes: ArrayLike<number>;
}

const name = 'quantizedWeights';

/**
 * A matrix `[inFeatures, outFeatures]` in groups of consecutive inputs of one output (GQSA, 2024): of the kept groups the
 * codes, `w = scale * (code - zero)`. Scales and zero points are tensors `[groups]` in the order of the pattern. Immutable.
 *
 * The codes of a group are `groupSize * bits / 32` words, group by group. Every 16 codes take 8 bytes of 4 bits, where
 * byte i holds code i in its low half and code 8 + i in its high half, or 16 bytes of 8 bits, where byte i is code i.
 * Bytes begin at the low end of a word. Inputs that the last group has beyond `inFeatures` count as 0.
 */
export class QuantizedWeights {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly bits: Bits;
  readonly groupSize: GroupSize;
  readonly groups: SparsityPattern;
  readonly codes: Int32Array;

  constructor({ inFeatures, outFeatures, bits, groupSize, groups, codes }: QuantizedWeightsOptions) {
    requireQuantization(name, bits, groupSize);
    requireFeatureCounts(name, { inFeatures, outFeatures });
    requireType(groups instanceof SparsityPattern, name, 'groups must be a SparsityPattern', typeof groups);
    const expected = [Math.ceil(inFeatures / groupSize), outFeatures, 1];
    const actual = [groups.inFeatures, groups.outFeatures, groups.blockOutputs];
    const rule = `groups must be a pattern of ${expected[0]} inputs, ${outFeatures} outputs and single outputs`;
    requireRange(String(actual) === String(expected), name, rule, actual);
    const words = (groups.blockCount * groupSize * bits) / 32;
    const ownCodes = int32Array(name, 'codes', codes).slice();
    requireRange(codes.length === words, name, `codes must have ${words} words`, codes.length);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.bits = bits;
    this.groupSize = groupSize;
    this.groups = groups;
    this.codes = ownCodes;
  }

  /** Kept groups: the length of scales and zero points. */
  get groupCount(): number {
    return this.groups.blockCount;
  }
}

export function requireQuantization(op: string, bits: number, groupSize: number): void {
  requireRange(bits === 4 || bits === 8, op, 'bits must be 4 or 8', bits);
  requireRange(groupSize === 16 || groupSize === 32, op, 'groupSize must be 16 or 32', groupSize);
}

/** Code `index` of the group `group`. */
export function codeAt({ codes, bits, groupSize }: QuantizedWeights, group: number, index: number): number {
  const { word, shift } = placeOfCode(bits, group * groupSize + index);
  return (codes[word] >>> shift) & (2 ** bits - 1);
}

/** Where code `index` of all codes lies. */
export function placeOfCode(bits: Bits, index: number): { readonly word: number; readonly shift: number } {
  if (bits === 8) return { word: index >> 2, shift: (index & 3) * 8 };
  const inUnit = index & 15;
  const byte = (index >> 4) * 8 + (inUnit & 7);
  return { word: byte >> 2, shift: (byte & 3) * 8 + (inUnit >> 3) * 4 };
}
