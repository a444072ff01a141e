import { dequantizeWeights, quantizeWeights } from './quantize.js';
import { codeAt, QuantizedWeights } from './quantized-weights.js';

const dense = (inFeatures: number, outFeatures: number) =>
  Float32Array.from({ length: inFeatures * outFeatures }, (_, i) => Math.sin(i * i + 1));

describe('quantizeWeights', () => {
  for (const [bits, groupSize] of [
    [4, 16],
    [4, 32],
    [8, 16],
    [8, 32],
  ] as const) {
    // prettier-ignore
    it(`is within half a step with ${bits} bits in groups of ${groupSize}`, () => {
      const weights = dense(40, 3);
      const quantized = quantizeWeights(weights, [40, 3], { bits, groupSize });
      const again = dequantizeWeights(quantized);
      const step = Math.max(...quantized.scales);
      expect(Math.max(...again.map((w, i) => Math.abs(w - weights[i])))).toBeLessThan(step * 0.501);
      expect(step).toBeLessThan(2.01 / (2 ** bits - 1));
    });
  }

  it('keeps weights of 0 exactly, and drops groups of zeros', () => {
    const weights = dense(64, 2).map((w, i) => (i % 3 === 0 || i < 32 ? 0 : w));
    const quantized = quantizeWeights(weights, [64, 2]);
    const again = dequantizeWeights(quantized);
    weights.forEach((w, i) => w === 0 && expect(again[i]).toBe(0));
    expect([...quantized.weights.groups.columns]).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it('drops the groups of least norm, of equal ones the first', () => {
    const weights = Float32Array.from({ length: 64 }, (_, i) => [1, 3, 2, 1][Math.floor(i / 16)]);
    const { weights: kept } = quantizeWeights(weights, [64, 1], { groupSparsity: 0.5 });
    expect([...kept.groups.columns]).toEqual([1, 2]);
    const { weights: three } = quantizeWeights(weights, [64, 1], { groupSparsity: 0.25 });
    expect([...three.groups.columns]).toEqual([1, 2, 3]);
  });

  it('takes a given saliency', () => {
    const { weights } = quantizeWeights(dense(64, 1), [64, 1], { groupSparsity: 0.5, saliency: [4, 1, 2, 3] });
    expect([...weights.groups.columns]).toEqual([0, 3]);
  });

  it('lays codes out as documented', () => {
    const ramp = Float32Array.from({ length: 16 }, (_, i) => i);
    const four = quantizeWeights(ramp, [16, 1]).weights;
    expect([...new Uint8Array(four.codes.buffer)]).toEqual([0x80, 0x91, 0xa2, 0xb3, 0xc4, 0xd5, 0xe6, 0xf7]);
    expect(Array.from(ramp, (_, i) => codeAt(four, 0, i))).toEqual([...ramp]);
    const eight = quantizeWeights(ramp, [16, 1], { bits: 8 }).weights;
    expect([...new Uint8Array(eight.codes.buffer)]).toEqual([...ramp].map((w) => w * 17));
  });

  it('are copied, from words of any kind', () => {
    const { weights } = quantizeWeights(dense(16, 1), [16, 1]);
    const codes = [...weights.codes];
    const again = new QuantizedWeights({ ...weights, codes });
    codes.fill(0);
    expect(again.codes).toEqual(weights.codes);
    const big = () => new QuantizedWeights({ ...weights, codes: new BigInt64Array(2) as never });
    expect(big).toThrowError(
      TypeError,
      'quantizedWeights: codes must be an array or typed array of numbers, got BigInt64Array',
    );
    const few = () => quantizeWeights([1], [1, 1], { saliency: BigInt64Array.of(1n) as never });
    expect(few).toThrowError(
      TypeError,
      'quantizeWeights: saliency must be an array or typed array of numbers, got BigInt64Array',
    );
  });

  const bad: [string, () => unknown, string][] = [
    [
      'NaN',
      () => quantizeWeights([0, 1, NaN, 2], [2, 2]),
      'quantizeWeights: weights must be finite, got NaN at [1, 0]',
    ],
    ['other lengths', () => quantizeWeights([1], [2, 2]), 'quantizeWeights: weights must have 4 values, got 1'],
    ['other bits', () => quantizeWeights([1], [1, 1], { bits: 3 as 4 }), 'quantizeWeights: bits must be 4 or 8, got 3'],
    [
      'other groups',
      () => quantizeWeights([1], [1, 1], { groupSize: 8 as 16 }),
      'quantizeWeights: groupSize must be 16 or 32, got 8',
    ],
    [
      'dropping all',
      () => quantizeWeights([1], [1, 1], { groupSparsity: 1 }),
      'quantizeWeights: groupSparsity must be at least 0 and below 1, got 1',
    ],
    [
      'too few saliencies',
      () => quantizeWeights([1], [1, 1], { saliency: [] }),
      'quantizeWeights: saliency must have 1 values (outputs x groups), got 0',
    ],
    [
      'too few codes',
      () => new QuantizedWeights({ ...quantizeWeights([1], [1, 1]).weights, codes: new Int32Array(1) }),
      'quantizedWeights: codes must have 2 words, got 1',
    ],
    [
      'a fraction of an input',
      () => new QuantizedWeights({ ...quantizeWeights([1], [1, 1]).weights, inFeatures: 0.5 }),
      'quantizedWeights: inFeatures must be a whole number, got 0.5',
    ],
    [
      'a pattern of another matrix',
      () => new QuantizedWeights({ ...quantizeWeights([1], [1, 1]).weights, outFeatures: 2 }),
      'quantizedWeights: groups must be a pattern of 1 inputs, 2 outputs and single outputs, got [1, 1, 1]',
    ],
  ];
  for (const [what, call, message] of bad) {
    it(`refuses ${what}`, () => expect(call).toThrowError(RangeError, message));
  }
});
