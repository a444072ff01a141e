import { sparsityOfTop, topForSparsity } from './top-for-sparsity.js';

describe('topForSparsity', () => {
  it('gives the nearest of all', () => {
    for (const blocks of [3, 8, 64]) {
      const tops = Array.from({ length: blocks - 2 }, (_, i) => i + 3);
      for (let percent = 0; percent < 100; percent += 7) {
        const distance = (top: number) => Math.abs(sparsityOfTop(top, blocks) - percent / 100);
        const chosen = topForSparsity(percent / 100, blocks);
        expect(distance(chosen)).withContext(`${percent} % of ${blocks}`).toBe(Math.min(...tops.map(distance))); // prettier-ignore
      }
    }
  });

  it('is what The Sparse Frontier gives of 8 blocks', () => {
    expect([0.3, 0.5, 0.7].map((sparsity) => topForSparsity(sparsity, 8))).toEqual([4, 3, 3]);
    expect([3, 4, 8].map((top) => sparsityOfTop(top, 8))).toEqual([0.41666666666666663, 0.2777777777777778, 0]);
  });

  it('is all of the blocks where these are fewer than always count', () => {
    expect([1, 2].map((blocks) => topForSparsity(0.9, blocks))).toEqual([1, 2]);
  });
});
