import { memory } from '@tensorflow/tfjs-core';
import { openPackOf, type PackKind } from './open-pack-of.js';
import { describeFiles, makeFixture, serve, type PackFixture } from './pack-fixture.spec.js';
import type { Pack } from './load-pack.js';

describe('openPackOf', () => {
  const kind: PackKind = { name: 'sums', inputs: [[null, 2]], outputs: [[null, 1]], layers: ['sum'] };
  let fixture: PackFixture;
  beforeAll(async () => {
    fixture = await makeFixture();
  });
  const open = <T>(changes: Partial<PackKind>, make: (pack: Pack) => T) => {
    const options = { fetch: serve(fixture), cache: null };
    return openPackOf('addUp', { ...kind, ...changes }, 'https://packs.example/sum', options, make);
  };

  it('gives a pack of the kind', async () => {
    for (const changes of [{}, { inputs: [[null, null]] }, { layers: undefined }]) {
      const pack = await open(changes, (opened) => opened);
      expect(pack.manifest.name).toBe('sum');
      pack.dispose();
    }
  });

  const others: Record<string, Partial<PackKind>> = {
    'another size': { inputs: [[null, 3]] },
    'another rank': { outputs: [[null, null, 1]] },
    'more inputs': { inputs: [[null, 2], [null, 4]] },
    'more outputs': { outputs: [[null, 1], [null, 1]] },
    'no such layer': { layers: ['embedding'] },
  }; // prettier-ignore

  for (const [name, changes] of Object.entries(others)) {
    it(`refuses a pack of another kind by ${name} and frees it`, async () => {
      const before = memory().numTensors;
      const rule = 'addUp: source must be a pack of the kind of sums, got sum';
      await expectAsync(open(changes, () => 0)).toBeRejectedWithError(RangeError, rule);
      expect(memory().numTensors).toBe(before);
    });
  }

  it('refuses one whose layer classes are not registered, and says which', async () => {
    const other = await makeFixture();
    const model = new TextDecoder().decode(other.files.get('model.json')).replaceAll('"Dense"', '"Unheard"');
    other.files.set('model.json', new TextEncoder().encode(model));
    await describeFiles(other);
    const options = { fetch: serve(other), cache: null };
    await expectAsync(openPackOf('addUp', kind, 'https://packs.example/sum', options, () => 0)).toBeRejectedWithError(
      RangeError,
      /^addUp: source must be a pack of the kind of sums, got sum \(the class Unheard of model.json must be registered/,
    );
  });

  it('frees the pack where nothing can be made of it', async () => {
    const before = memory().numTensors;
    const failing = open({}, () => {
      throw new Error('no mixture');
    });
    await expectAsync(failing).toBeRejectedWithError('no mixture');
    expect(memory().numTensors).toBe(before);
  });
});
