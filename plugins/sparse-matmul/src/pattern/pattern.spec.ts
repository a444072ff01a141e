import { chooseFormat } from './choose-format.js';
import { keptWeights, packWeights, unpackWeights } from './pack-weights.js';
import { randomPattern } from './random-pattern.js';
import { SparsityPattern, type SparsityPatternOptions } from './sparsity-pattern.js';
import { decodePattern, encodePattern } from './stored-pattern.js';

describe('patterns of sparse weights', () => {
  const seed = Date.now() % 1e6;

  it(`are stored and read again (seed ${seed})`, () => {
    for (let i = 0; i < 60; i++) {
      const groups = i % 2 === 0 ? undefined : { n: 1 + (i % 3), m: [4, 8, 16][i % 3] };
      const blockOutputs = ([1, 2, 4, 8] as const)[i % 4];
      const options: SparsityPatternOptions = {
        inFeatures: (seed + 7 * i) % 90,
        outFeatures: 1 + i,
        blockOutputs,
        groups,
      };
      const most = Math.ceil(options.outFeatures / blockOutputs) * options.inFeatures;
      const pattern = randomPattern(options, Math.round((most * (i % 10)) / 9), seed + i);
      const words = encodePattern(pattern);
      const again = decodePattern(words, pattern.blockCount, options);
      expect(again.starts).toEqual(pattern.starts);
      expect(again.columns).toEqual(pattern.columns);
      const values = Float32Array.from({ length: pattern.blockCount * blockOutputs }, (_, k) => k + 1);
      const dense = unpackWeights({ pattern, values });
      const kept = keptWeights(dense, pattern).filter((value) => value !== 0); // but those behind the last output
      expect(kept.every((value) => values.includes(value))).toBe(true);
      expect(kept.length).toBe(dense.filter((value) => value !== 0).length);
    }
  });

  it('are stored in at most 0.6 bytes a weight of N:M and 1.3 of unstructured ones', () => {
    const options = { inFeatures: 256, outFeatures: 256 };
    for (const [m, n] of [
      [2, 1],
      [4, 2],
      [8, 2],
      [16, 4],
    ]) {
      const pattern = randomPattern({ ...options, groups: { n, m } }, 0, 1);
      expect(encodePattern(pattern).byteLength / pattern.blockCount).toBeLessThanOrEqual(0.5);
    }
    for (const density of [0.5, 0.1, 0.05, 0.02]) {
      const pattern = randomPattern(options, 256 * 256 * density, 1);
      expect(encodePattern(pattern).byteLength / pattern.blockCount).toBeLessThan(1.3);
    }
  });

  it('take tables of any width by value, and keep their own', () => {
    const options = { inFeatures: 3, outFeatures: 2 };
    const columns = Int32Array.of(0, 2, 1);
    const pattern = new SparsityPattern(Uint16Array.of(0, 2, 3), columns, options);
    columns[0] = 1;
    expect(pattern.starts).toEqual(Int32Array.of(0, 2, 3));
    expect(pattern.columns).toEqual(Int32Array.of(0, 2, 1));
    expect(decodePattern([...encodePattern(pattern)], 3, options).columns).toEqual(pattern.columns);
    expect(packWeights(Float64Array.of(0, 1), [2, 1]).values).toEqual(Float32Array.of(1));
  });

  const starts = [0, 1];
  const sizes = { inFeatures: 1, outFeatures: 1 };
  const big = (...values: bigint[]) => BigInt64Array.from(values) as never;
  const numbers = 'must be an array or typed array of numbers, got BigInt64Array';
  const refused: [string, () => unknown, string][] = [
    ['starts of 64 bits', () => make(big(0n, 1n), [0]), `sparsityPattern: starts ${numbers}`],
    ['columns of 64 bits', () => make(starts, big(0n)), `sparsityPattern: columns ${numbers}`],
    ['weights of 64 bits', () => packWeights(big(1n), [1, 1]), `packWeights: weights ${numbers}`],
    ['words of 64 bits', () => decodePattern(big(0n), 1, sizes), `decodePattern: words ${numbers}`],
    [
      'a fraction of a column',
      () => make(starts, [0.5]),
      'sparsityPattern: columns must be integers of 32 bits, got 0.5 at 0',
    ],
    [
      'a fraction of an input',
      () => make(starts, [0], { inFeatures: 1.5 }),
      'sparsityPattern: inFeatures must be a whole number, got 1.5',
    ],
    [
      'no number of outputs',
      () => make(starts, [0], { outFeatures: NaN }),
      'sparsityPattern: outFeatures must be a whole number, got NaN',
    ],
  ];
  for (const [what, run, message] of refused) it(`do not come of ${what}`, () => expect(run).toThrowError(message));

  function make(starts: number[], columns: number[], options: Partial<SparsityPatternOptions> = {}): SparsityPattern {
    return new SparsityPattern(starts, columns, { ...sizes, ...options });
  }

  it('are refused where stored words say something else', () => {
    const options = { inFeatures: 8, outFeatures: 2, groups: { n: 2, m: 4 } };
    const { blockCount } = randomPattern(options, 0, 1);
    expect(() => decodePattern(new Int32Array(1), blockCount + 1, options)).toThrowError(
      'decodePattern: blockCount must be 8, got 9',
    );
    expect(() => decodePattern(new Int32Array(2), blockCount, options)).toThrowError(
      'decodePattern: a pattern of 8 blocks must have 1 words, got 2',
    );
    expect(() => decodePattern(new Int32Array(1), blockCount, options)).toThrowError(
      'sparsityPattern: columns of row 0 must ascend, got 0',
    );
    const single = { inFeatures: 8, outFeatures: 2 };
    expect(() => decodePattern(new Int32Array(1).fill(-1), 3, single)).toThrowError(
      'decodePattern: the words must hold 3 blocks, got 0',
    );
    expect(() => decodePattern(new Int32Array([16]), 1, single)).toThrowError(
      'decodePattern: a block must be below 16, got 16',
    );
  });

  it('name the first weight or group that is wrong', () => {
    const dense = new Float32Array(4 * 3).fill(1);
    expect(() => packWeights(dense, [4, 3], { groups: { n: 2, m: 4 } })).toThrowError(
      'packWeights: weights must be 2 of 4: at most 2 kept in group 0 of row 0, got 4',
    );
    dense[7] = NaN;
    expect(() => packWeights(dense, [4, 3])).toThrowError('packWeights: weights must be numbers, got NaN at [2, 1]');
    expect(() => packWeights(dense, [4, 4])).toThrowError('packWeights: weights must have 16 values, got 12');
  });

  it('keep n of a group that has fewer, and nothing of an empty matrix', () => {
    const dense = Float32Array.from([0, 5, 0, 0, 0, 0, 7, 8, 9, 0]); // one output
    const { pattern, values } = packWeights(dense, [10, 1], { groups: { n: 2, m: 4 } });
    expect([...pattern.columns]).toEqual([0, 1, 6, 7, 8, 9]);
    expect([...values]).toEqual([0, 5, 7, 8, 9, 0]);
    expect(packWeights([], [0, 5]).pattern.blockCount).toBe(0);
    expect(packWeights([], [5, 0]).pattern.blockCount).toBe(0);
  });

  it('are chosen by the zeros', () => {
    const matrix = (keep: (input: number, output: number) => boolean) =>
      Float32Array.from({ length: 64 * 32 }, (_, i) => (keep(i >> 5, i & 31) ? 1 : 0));
    expect(
      chooseFormat(
        matrix(() => true),
        [64, 32],
      ),
    ).toBeNull();
    expect(
      chooseFormat(
        matrix((input, output) => (input * 7 + output * 3) % 5 === 0),
        [64, 32],
      )?.blockOutputs,
    ).toBe(1);
    expect(
      chooseFormat(
        matrix((input, output) => (input + (output >> 3)) % 3 === 0),
        [64, 32],
      )?.blockOutputs,
    ).toBe(8);
    const twoOfFour = chooseFormat(
      matrix((input, output) => ((input >> 1) + output) % 2 === 0),
      [64, 32],
    );
    expect(twoOfFour?.groups).toEqual({ n: 2, m: 4 });
  });
});
