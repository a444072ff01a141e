import { attentionLines } from './attention-lines.js';

describe('attentionLines', () => {
  const points = Float32Array.of(0, 0, 0, 1, 0, 0, 1, 0, 1, 5, 5, 5, 2, 2, 2);

  it('lead to one point of each cell that is attended to, the strongest last, and cross at the point', () => {
    const seen = { cells: Int32Array.of(0, 1, 1, 3, 2), attention: Float32Array.of(0.1, 0.6, 0.6, 0, 0.3) };
    const { ends, rgba } = attentionLines(points, 0, seen, 0.5);
    expect([ends.length, rgba.length]).toEqual([6 * 6, 6 * 4]);
    expect([...ends.subarray(6, 18)]).toEqual([0, 0, 0, 2, 2, 2, 0, 0, 0, 1, 0, 0]);
    expect([...ends.subarray(18, 24)]).toEqual([-0.5, 0, 0, 0.5, 0, 0]);
    const alphas = [...rgba].filter((_, i) => i % 4 === 3);
    expect(alphas.slice(2)).toEqual([255, 255, 255, 255]);
    expect(alphas[0]).toBeLessThan(alphas[1]);
  });

  it('are the cross alone while no weights are known', () => {
    expect(attentionLines(points, 1, null, 0.5).rgba.length).toBe(3 * 4);
  });
});
