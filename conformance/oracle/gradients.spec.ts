import { batchNorm, batchNormGradients } from './batch-norm.js';
import * as conv from './convolution.js';
import { drawSites } from './draw-sites.js';
import { finiteDifferences, innerProduct, largestDifference } from './finite-differences.js';
import { denseOf, rowsOf } from './grid.js';
import { drawRows, uniformFrom } from './random.js';
import { reduceRows, reduceRowsGradient } from './reduction.js';
import { sortedSites, type Site } from './sites.js';

const tolerance = 1e-8; // central differences in float64: h^2 of curvature, and 1e-16 / h of rounding

describe('the oracle’s gradients agree with finite differences:', () => {
  const next = uniformFrom(1);
  const sites = drawSites({ count: 14, extent: [4, 3, 3], batches: [0, 1] }, 2);

  const geometries: [string, conv.Convolution, (geometry: conv.Convolution) => Site[]][] = [
    ['same sites', geometry([3, 1, 3], [1, 1, 1], [1, 0, 1], [1, 1, 1]), () => sites],
    ['covering', geometry([3, 3, 2], [2, 2, 2], [1, 1, 0], [1, 1, 1]), (g) => conv.coveringSites(sites, g, null)],
    ['window', geometry([2, 2, 2], [1, 2, 2], [0, 1, 0], [2, 1, 1]), (g) => conv.coveringSites(sites, g, [4, 3, 3])],
    ['floor', geometry([3, 3, 3], [2, 1, 2], [1, 1, 1], [1, 1, 1]), () => conv.flooredSites(sites, [2, 1, 2])],
  ];
  for (const [name, convolution, outputs] of geometries) {
    it(`convolution, ${name}`, () => {
      const outputSites = outputs(convolution);
      const x = drawRows(next, sites.length, 2);
      const weight = conv.offsetsOf(convolution).map(() => drawRows(next, 2, 3));
      const bias = drawRows(next, 1, 3);
      const dy = drawRows(next, outputSites.length, 3);
      const f = () => innerProduct(conv.convolve(x, sites, outputSites, convolution, { weight, bias: bias[0] }), dy);
      const gradients = conv.convolveGradients(dy, x, sites, outputSites, convolution, { weight, bias: bias[0] });
      expect(largestDifference(gradients.x, finiteDifferences(f, x))).toBeLessThan(tolerance);
      expect(largestDifference([gradients.bias], finiteDifferences(f, bias))).toBeLessThan(tolerance);
      weight.forEach((slice, k) => {
        expect(largestDifference(gradients.weight[k], finiteDifferences(f, slice))).toBeLessThan(tolerance);
      });
    });

    it(`inverse convolution, ${name}`, () => {
      const coarse = outputs(convolution);
      const x = drawRows(next, coarse.length, 2);
      const weight = conv.offsetsOf(convolution).map(() => drawRows(next, 2, 3));
      const bias = drawRows(next, 1, 3);
      const dy = drawRows(next, sites.length, 3);
      const f = () => innerProduct(conv.convolveInverse(x, coarse, sites, convolution, { weight, bias: bias[0] }), dy);
      const gradients = conv.convolveInverseGradients(dy, x, coarse, sites, convolution, { weight, bias: bias[0] });
      expect(largestDifference(gradients.x, finiteDifferences(f, x))).toBeLessThan(tolerance);
      expect(largestDifference([gradients.bias], finiteDifferences(f, bias))).toBeLessThan(tolerance);
      weight.forEach((slice, k) => {
        expect(largestDifference(gradients.weight[k], finiteDifferences(f, slice))).toBeLessThan(tolerance);
      });
    });
  }

  it('batch norm', () => {
    const x = drawRows(next, 9, 3);
    const scale = drawRows(next, 1, 3);
    const offset = drawRows(next, 1, 3);
    const dy = drawRows(next, 9, 3);
    const f = () => innerProduct(batchNorm(x, scale[0], offset[0], 1e-3).y, dy);
    const gradients = batchNormGradients(dy, x, scale[0], 1e-3);
    expect(largestDifference(gradients.x, finiteDifferences(f, x))).toBeLessThan(tolerance);
    expect(largestDifference([gradients.scale], finiteDifferences(f, scale))).toBeLessThan(tolerance);
    expect(largestDifference([gradients.offset], finiteDifferences(f, offset))).toBeLessThan(tolerance);
  });

  for (const mode of ['mean', 'sum', 'max', 'first'] as const) {
    it(`reduction by ${mode}`, () => {
      const x = drawRows(next, 12, 2);
      const group = x.map(() => Math.floor(next() * 4));
      const dy = drawRows(next, 5, 2);
      const f = () => innerProduct(reduceRows(x, group, 5, 2, mode), dy);
      const gradient = reduceRowsGradient(dy, x, group, mode);
      expect(largestDifference(gradient, finiteDifferences(f, x))).toBeLessThan(tolerance);
    });
  }

  it('sites written to a grid, and the grid read back', () => {
    const x = drawRows(next, sites.length, 2);
    const [dy] = drawRows(next, 1, 2 * 2 * 36);
    const f = () => innerProduct([denseOf(x, sites, 2, 2, [4, 3, 3], [0, 0, 0])], [dy]);
    const gradient = rowsOf(dy, sites, 2, [4, 3, 3], [0, 0, 0]);
    expect(largestDifference(gradient, finiteDifferences(f, x))).toBeLessThan(tolerance);
  });
});

describe('the oracle', () => {
  it('agrees with a dense convolution written as nested loops', () => {
    const row = (batch: number, cell: number): Site => [batch, cell];
    const sites = sortedSites([row(0, 3), row(0, 1), row(0, 0), row(1, 2)]);
    const x = [[1], [2], [3], [4]]; // at (0,0), (0,1), (0,3), (1,2)
    const weight = [[[10]], [[100]], [[1000]]]; // offsets -1, 0, 1
    const same = geometry([3], [1], [1], [1]);
    expect(conv.convolve(x, sites, sites, same, { weight, bias: [0.5] })).toEqual([
      [2100.5],
      [210.5],
      [300.5],
      [400.5],
    ]);
    const strided = geometry([3], [2], [1], [1]);
    expect(conv.coveringSites(sites, strided, [4])).toEqual([row(0, 0), row(0, 1), row(1, 1)]);
    expect(conv.windowCounts([4], strided)).toEqual([2]);
    expect(conv.flooredSites([row(0, -1), row(0, -2), row(0, -3)], [2])).toEqual([row(0, -2), row(0, -1)]);
  });
});

function geometry(kernelSize: number[], strides: number[], padding: number[], dilation: number[]): conv.Convolution {
  return { kernelSize, strides, padding, dilation };
}
