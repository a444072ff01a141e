import { describeDemo } from '../../src/worker/demo-fixture.spec.js';
import { demo } from './demo.js';

describe('the characters demo', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  describeDemo('characters', demo, {
    file: { name: 'lines.txt', contents: bytes('Good morrow, cousin.\n') },
    refused: {
      file: { name: 'sae.pt', contents: bytes('PK') },
      message: /^the name must end in .safetensors \(save .*\), got sae.pt$/,
    },
  });

  it('leaves texts of digits to other demos', async () => {
    expect(await demo.fit({ name: 'map.txt', contents: bytes('0 1 1 0\n') })).toBe('no');
    for (const name of ['sae.safetensors', 'sae.pt'])
      expect(await demo.fit({ name, contents: bytes('') })).toBe('surely');
  });

  it('takes the configuration of an autoencoder from the command line', async () => {
    const file = { name: 'sae.safetensors', contents: bytes('') };
    const [task] = await demo.read(file, { 'sae-config': ['{"k": 32}'] });
    expect(task).toEqual(jasmine.objectContaining({ task: 'open', config: { k: 32 } }));
    await expectAsync(demo.read(file, { 'sae-config': ['[1]'] })).toBeRejectedWithError(
      'start: --sae-config must be a JSON object, the cfg.json of an autoencoder, got [1]',
    );
  });
});
