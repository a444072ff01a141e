import { qualityOf } from './quality.js';
import { sizeQualities } from './size-quality.js';

describe('sizeQualities', () => {
  it('measures the maps as they are from larger grids, without dies from smaller ones', async () => {
    const map = Uint8Array.from({ length: 64 * 64 }, (_, cell) => (cell * 7) % 3);
    const sameCells: number[] = [];
    const sizes = await sizeQualities([map], async ([back]) => {
      sameCells.push(back.filter((value, cell) => value === map[cell]).length);
      return qualityOf([0], [0], 1);
    });
    sizes.forEach(({ height, width }, i) => {
      if (Math.min(height, width) >= 64) expect(sameCells[i]).toBe(64 * 64);
      else expect(sameCells[i]).toBeLessThan(64 * 64);
    });
  });
});
