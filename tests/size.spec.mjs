import { sizes } from '../scripts/size.mjs';

describe('the import', () => {
  it('of every package for pages stays within the limit of its manifest', async () => {
    for (const { name, registered, limitBytes } of await sizes()) {
      expect(registered)
        .withContext(`${name}, config.importLimitBytes of its manifest`)
        .toBeLessThanOrEqual(limitBytes);
    }
  });
});
