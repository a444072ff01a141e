import { QuantizedWeights, SparsityPattern, type Bits, type GroupSize } from '@tfjs-sparse/sparse-matmul';

/** A matrix in groups of codes, of which some are missing. */
export interface GroupCodes {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly bits: Bits;
  readonly groupSize: GroupSize;
  /** The kept groups in the order of scales and zeros: outputs ascending, then places along the inputs. */
  readonly groups: readonly {
    readonly output: number;
    readonly place: number;
    /** `[groupSize]` */
    readonly codes: readonly number[];
  }[];
}

/** The words as QuantizedWeights documents them: 16 codes of 4 bits in 8 bytes, halves apart, or one byte a code. */
export function quantizedWeights({ inFeatures, outFeatures, bits, groupSize, groups }: GroupCodes): QuantizedWeights {
  const starts = new Int32Array(outFeatures + 1);
  for (const { output } of groups) starts[output + 1]++;
  for (let output = 0; output < outFeatures; output++) starts[output + 1] += starts[output];
  const places = Int32Array.from(groups, ({ place }) => place);
  const pattern = new SparsityPattern(starts, places, { inFeatures: Math.ceil(inFeatures / groupSize), outFeatures });
  const bytes = groups.flatMap(({ codes }) => {
    if (bits === 8) return codes;
    return codes.flatMap((code, i) => (i % 16 < 8 ? code | (codes[i + 8] << 4) : []));
  });
  const words = new Int32Array(Uint8Array.from(bytes).buffer);
  return new QuantizedWeights({ inFeatures, outFeatures, bits, groupSize, groups: pattern, codes: words });
}
