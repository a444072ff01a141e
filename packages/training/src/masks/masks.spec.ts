import { seededRandom } from '@tfjs-sparse/core';
import { aspGreedyMask } from './asp.js';
import { blockMask } from './blocks.js';
import { globalMP } from './global-mp.js';
import { keepLargest } from './keep-largest.js';
import { kernelLayout } from './kernel-layout.js';
import { globalMagnitudeMasks, magnitudeMask } from './magnitude.js';
import { firstGroupBeyond, nOfMMask } from './n-of-m.js';
import { patternName } from './pattern-name.js';
import { randomMask } from './random.js';

const half = { n: 2, m: 4 };

describe('masks', () => {
  it('keep the lower index of equal weights', () => {
    expect(list(keepLargest(Float32Array.of(1, 2, 2, 2, 0), 2))).toEqual([0, 1, 1, 0, 0]);
    expect(list(magnitudeMask(Float32Array.of(-1, 1, -1, 1), 0.5))).toEqual([1, 1, 0, 0]);
    expect(list(nOfMMask(Float32Array.of(3, 3, 3, 3), kernelLayout([4, 1]), half))).toEqual([1, 1, 0, 0]);
  });

  it('are n of m along the inputs of each output, at each tap', () => {
    const layout = kernelLayout([2, 4, 2]); // a one-dimensional convolution: 2 taps, 4 inputs, 2 outputs
    const weights = Float32Array.of(1, 8, 2, 7, 3, 6, 4, 5, 9, 0, 8, 1, 7, 2, 6, 3);
    expect(list(nOfMMask(weights, layout, half))).toEqual([0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1]);
  });

  it('are n of m along the inputs of transposed convolutions', () => {
    const layout = kernelLayout([1, 1, 2, 4], true); // 4 inputs, 2 outputs
    expect(list(nOfMMask(Float32Array.of(1, 2, 3, 4, 8, 7, 6, 5), layout, half))).toEqual([0, 0, 1, 1, 1, 1, 0, 0]);
  });

  it('fill the last group up where m does not divide the inputs', () => {
    const mask = nOfMMask(Float32Array.of(1, 2, 3, 4, 5, 6, 7), kernelLayout([7, 1]), half);
    expect(list(mask)).toEqual([0, 0, 1, 1, 0, 1, 1]);
  });

  it('share a pattern between the outputs of a block, by the sum of |w|', () => {
    const mask = nOfMMask(Float32Array.of(5, 0, 0, 0, -3, -3, 2, 2), kernelLayout([4, 2]), {
      ...half,
      blockOutputs: 2,
    });
    expect(list(mask)).toEqual([1, 1, 0, 0, 1, 1, 0, 0]);
  });

  it('name the first group that is not n of m', () => {
    const mask = Uint8Array.of(1, 1, 0, 0, 1, 1, 1, 0);
    expect(firstGroupBeyond(mask, kernelLayout([8, 1]), half)).toBe('tap 0, output 0, inputs from 4');
  });

  it('prune whole blocks, also the short ones at the end', () => {
    const mask = blockMask(Float32Array.of(1, 1, 1, 0, 0, 2), kernelLayout([2, 3]), 0.5, { blockOutputs: 2 });
    expect(list(mask)).toEqual([1, 1, 0, 0, 0, 1]);
    const byMaximum = blockMask(Float32Array.of(3, 0, 2, 2), kernelLayout([2, 2]), 0.5, {
      blockOutputs: 2,
      score: 'max',
    });
    expect(list(byMaximum)).toEqual([1, 1, 0, 0]);
  });

  it('have a name', () => {
    const layout = kernelLayout([8, 4]);
    const weights = Float32Array.from({ length: 32 }, (_, i) => Math.sin(i * i));
    const nameOf = (blockOutputs: number): string =>
      patternName(nOfMMask(weights, layout, { ...half, blockOutputs }), layout);
    expect([nameOf(1), nameOf(2), nameOf(4)]).toEqual(['2:4', '2:4 x 2', '2:4 x 4']);
    expect(patternName(new Uint8Array(32).fill(1), layout)).toBe('dense');
    expect(patternName(magnitudeMask(weights, 0.3), layout)).toBe('unstructured');
    expect(patternName(blockMask(weights, layout, 0.4, { blockOutputs: 2 }), layout)).toBe('2x1 blocks');
  });

  it('of nothing are empty', () => {
    const nothing = new Float32Array(0);
    expect(magnitudeMask(nothing, 0.5).length).toBe(0);
    expect(nOfMMask(nothing, kernelLayout([0, 4]), half).length).toBe(0);
    expect(aspGreedyMask(nothing, kernelLayout([4, 0])).length).toBe(0);
    expect(globalMagnitudeMasks([], 0.5)).toEqual([]);
    expect(globalMP([nothing], 0.5, 0).masks.map(list)).toEqual([[]]);
  });

  it('of random weights follow the seed', () => {
    const mask = (seed: number): number[] => list(randomMask(50, 0.7, seededRandom(seed)));
    expect(mask(1)).toEqual(mask(1));
    expect(mask(1)).not.toEqual(mask(2));
    expect(mask(1).filter((isKept) => isKept === 1).length).toBe(15);
  });

  it('refuse weights that are not numbers and shares that are none', () => {
    const broken = Float32Array.of(1, NaN, 0, 0);
    expect(() => magnitudeMask(broken, 0.5)).toThrowError('magnitudeMask: weights must be numbers, got NaN at index 1');
    expect(() => nOfMMask(broken, kernelLayout([4, 1]), half)).toThrowError(/^nOfMMask: weights must be numbers/);
    expect(() => magnitudeMask(new Float32Array(4), 1.5)).toThrowError(
      'magnitudeMask: sparsity must be in [0, 1], got 1.5',
    );
    expect(() => kernelLayout([3])).toThrowError('kernelLayout: a kernel must have at least 2 axes, got [3]');
  });
});

function list(mask: Uint8Array): number[] {
  return Array.from(mask);
}
