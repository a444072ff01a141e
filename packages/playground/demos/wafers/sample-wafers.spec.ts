import { sampleWafers } from './sample-wafers.js';

describe('sampleWafers', () => {
  const wafers = sampleWafers(2, 1);

  it('draws every class', () => {
    expect(wafers.length).toBe(18);
    expect(new Set(wafers.map(({ label }) => label)).size).toBe(9);
    for (const { label, map } of wafers) {
      expect(new Set(map))
        .withContext(label)
        .toEqual(new Set([0, 1, 2]));
    }
  });

  it('draws the same wafers for the same seed, others for another', () => {
    expect(sampleWafers(2, 1)).toEqual(wafers);
    expect(sampleWafers(2, 2)).not.toEqual(wafers);
  });

  const shares: [string, number, number][] = [
    ['None', 0.08, 0.2],
    ['Scratch', 0.04, 0.12],
    ['Random', 0.3, 0.55],
    ['Near-full', 0.9, 1],
  ];
  for (const [label, least, most] of shares) {
    it(`${label} fails on ${least * 100} to ${most * 100} % of its dies`, () => {
      for (const { map } of wafers.filter((wafer) => wafer.label === label)) {
        const dies = map.filter((value) => value > 0);
        const share = dies.filter((value) => value === 2).length / dies.length;
        expect(share).toBeGreaterThan(least);
        expect(share).toBeLessThan(most);
      }
    });
  }
});
