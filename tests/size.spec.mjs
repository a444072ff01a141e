import { importLimitBytes, sizes } from '../scripts/size.mjs';

describe('the size of every package for pages', () => {
  it('is nothing for the import, and within the limit of its manifest with every export', async () => {
    for (const { name, imported, all, limitBytes } of await sizes()) {
      expect(imported).withContext(`import '${name}'`).toBeLessThanOrEqual(importLimitBytes);
      expect(all).withContext(`${name}, config.exportsLimitBytes of its manifest`).toBeLessThanOrEqual(limitBytes);
    }
  });
});
