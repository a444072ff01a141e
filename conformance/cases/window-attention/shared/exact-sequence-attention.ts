import type { ExactTensor } from '../../../src/tensor-operation.js';
import { sees, type MaskDescription } from './mask-description.js';

export interface SequenceAttrs {
  readonly mask: MaskDescription;
  readonly scale?: number;
}

interface Softmax {
  /** Rows of q and y, and of the keys, and the share of each. */
  readonly row: number;
  readonly keyRows: readonly number[];
  readonly shares: readonly number[];
}

type Operands = Readonly<Record<'q' | 'k' | 'v', ExactTensor>>;

function forEachSoftmax({ q, k }: Operands, { mask, scale }: SequenceAttrs, visit: (softmax: Softmax) => void): void {
  const [batches, headCount, queries, channels] = q.shape;
  const [, keyHeads, keys] = k.shape;
  for (let batch = 0; batch < batches; batch++) {
    for (let head = 0; head < headCount; head++) {
      const matrix = batch * keyHeads + Math.floor(head / (headCount / keyHeads));
      for (let query = 0; query < queries; query++) {
        const row = (batch * headCount + head) * queries + query;
        const seen = Array.from({ length: keys }, (_, key) => key).filter((key) =>
          sees(mask, { query, key, queries, keys, batch, head, headCount }),
        );
        if (seen.length === 0) continue;
        const keyRows = seen.map((key) => matrix * keys + key);
        const scores = keyRows.map((keyRow) => dot(q, row, k, keyRow) * (scale ?? 1 / Math.sqrt(channels)));
        const most = Math.max(...scores);
        const powers = scores.map((score) => Math.exp(score - most));
        const sum = powers.reduce((total, power) => total + power, 0);
        visit({ row, keyRows, shares: powers.map((power) => power / sum) });
      }
    }
  }
}

function dot(a: ExactTensor, rowOfA: number, b: ExactTensor, rowOfB: number): number {
  const width = a.shape[a.shape.length - 1];
  let sum = 0;
  for (let i = 0; i < width; i++) sum += a.values[rowOfA * width + i] * b.values[rowOfB * width + i];
  return sum;
}

/** to[row] += factor * rows[from] */
function addRow(to: number[], row: number, factor: number, { shape, values }: ExactTensor, from: number): void {
  const width = shape[shape.length - 1];
  for (let i = 0; i < width; i++) to[row * width + i] += factor * values[from * width + i];
}

/** What every query gets: the values by their shares. */
export function attendedSequence(operands: Operands, attrs: SequenceAttrs): ExactTensor {
  const { q, v } = operands;
  const shape = [...q.shape.slice(0, 3), v.shape[3]];
  const y = new Array<number>(shape.reduce((product, size) => product * size, 1)).fill(0);
  forEachSoftmax(operands, attrs, ({ row, keyRows, shares }) => {
    keyRows.forEach((keyRow, i) => addRow(y, row, shares[i], v, keyRow));
  });
  return { shape, values: y };
}

/** Of sum(y * dy) to q, k and v, by the softmax' Jacobian. */
export function sequenceGradients(dy: ExactTensor, operands: Operands, attrs: SequenceAttrs) {
  const { q, k, v } = operands;
  const [dq, dk, dv] = [q, k, v].map(({ values }) => values.map(() => 0));
  const scale = attrs.scale ?? 1 / Math.sqrt(q.shape[3]);
  forEachSoftmax(operands, attrs, ({ row, keyRows, shares }) => {
    const ofShares = keyRows.map((keyRow) => dot(dy, row, v, keyRow));
    const mean = shares.reduce((sum, share, i) => sum + share * ofShares[i], 0);
    keyRows.forEach((keyRow, i) => {
      const ofScore = scale * shares[i] * (ofShares[i] - mean);
      addRow(dq, row, ofScore, k, keyRow);
      addRow(dk, keyRow, ofScore, q, row);
      addRow(dv, keyRow, shares[i], dy, row);
    });
  });
  return { q: dq, k: dk, v: dv };
}
