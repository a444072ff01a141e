import { join } from 'node:path';
import { describeCli } from '../../src/command/cli-fixture.node.spec.js';

describe('npm start -- --attention', () => {
  const { start, folder } = describeCli();

  it('measures patterns, and again by the settings that it wrote', async () => {
    const output = join(folder(), 'patterns');
    const asked = await start('--json', '--attention', 'tokens=256,left=15,causal', '--output', output);
    const { pairs, share, settings, ms, denseMs } = JSON.parse(asked.output);
    expect([asked.code, pairs, share]).toEqual([0, 16 * 256 - 120, 0.060669]);
    expect(Math.min(ms, denseMs)).toBeGreaterThan(0);
    const again = await start('--json', '--input', join(output, 'tokens=256,left=15,causal.json'));
    expect(JSON.parse(again.output).settings).toEqual(settings);
  });

  it('says which setting does not fit', async () => {
    const { code, errors } = await start('--json', '--attention', 'left=none');
    expect([code, errors]).toEqual([1, 'start: --attention left=none: left must be 0 to 4,095, got none\n']);
  });
});
