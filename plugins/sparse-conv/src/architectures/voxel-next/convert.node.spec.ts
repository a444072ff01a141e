import { runGolden } from '../golden-fixture.node.spec.js';

describe('the architecture voxelnext', () => {
  it('gives what PyTorch gives', async () => {
    const { architecture, reason, loaded, error, hasSites } = await runGolden('voxelnext', [41, 56, 48]);
    expect(architecture).toBe('voxelnext');
    expect(reason).toBe('modules backbone_3d.conv_input, conv1 to conv6, conv_out and shared_conv');
    expect([loaded.missing, loaded.unused]).toEqual([[], ['dense_head']]);
    expect(loaded.pairings.every(({ by }) => by === 'map')).toBe(true);
    expect(hasSites).toBe(true);
    expect(error).toBeLessThan(1e-5);
  });
});
