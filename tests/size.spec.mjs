import { size } from '../scripts/size.mjs';

describe('bundle size', () => {
  it('of @tfjs-sparse/sparse-conv stays within its limit', async () => {
    const { registered, limitBytes } = await size();
    expect(registered).toBeLessThanOrEqual(limitBytes);
  });
});
