import { readManifest } from './manifest.js';
import { makeFixture } from './pack-fixture.spec.js';

const file = { path: 'more.bin', bytes: 1, sha256: '0'.repeat(64), role: 'weights' };

describe('manifest', () => {
  it('is read as it is', async () => {
    const { manifest } = await makeFixture();
    expect(readManifest(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest as never);
  });

  const refused: [string, Record<string, unknown>, RegExp][] = [
    [
      'another version',
      { formatVersion: 2 },
      /manifest.formatVersion must be 1 \(update @tfjs-sparse\/packs .*\), got 2$/,
    ],
    ['no version', { formatVersion: undefined }, /manifest.formatVersion must be 1 .*, got undefined$/],
    ['an unknown field', { licens: 'MIT' }, /manifest must have no fields but .*, got licens$/],
    ['a missing field', { task: undefined }, /manifest.task must be a text that is not empty, got nothing$/],
    ['labels that are no list', { labels: 'a' }, /manifest.labels must be a list, got string$/],
    ['no files', { files: [] }, /manifest.files must have 2 to 1000 entries, got 0$/],
    [
      'a path upwards',
      { files: [file, { ...file, path: '../a' }] },
      /files\[1\].path must be a path inside .*, got "..\/a"$/,
    ],
    ['a path upwards within', { files: [file, { ...file, path: 'a/../../b' }] }, /path inside the pack's folder/],
    ['an absolute path', { files: [file, { ...file, path: '/etc/passwd' }] }, /path inside the pack's folder/],
    ['a drive', { files: [file, { ...file, path: 'C:\\a' }] }, /path inside the pack's folder/],
    ['a URL', { files: [file, { ...file, path: 'https://a.example/b' }] }, /path inside the pack's folder/],
    ['an encoded path', { files: [file, { ...file, path: '%2e%2e/a' }] }, /path inside the pack's folder/],
    ['the manifest itself', { files: [file, { ...file, path: 'manifest.json' }] }, /path inside the pack's folder/],
    [
      'a huge file',
      { files: [file, { ...file, bytes: 2 ** 40 }] },
      /bytes must be an integer from 0 to 1073741824, got 1099511627776$/,
    ],
    [
      'a huge pack',
      { files: [1, 2].map((i) => ({ ...file, path: `${i}`, bytes: 2 ** 30 })).concat({ ...file, role: 'model' }) },
      /must be at most 1073741824 bytes together, got 2147483649$/,
    ],
    ['a short hash', { files: [file, { ...file, sha256: 'abc' }] }, /sha256 must be 64 hexadecimal digits, got "abc"$/],
    [
      'an unknown role',
      { files: [file, { ...file, role: 'script' }] },
      /role must be model or weights or golden or novelty, got "script"$/,
    ],
    ['a file twice', { files: [file, file] }, /must have different paths, got more.bin$/],
    ['no model', { files: [file, { ...file, path: 'other.bin' }] }, /must have exactly one of role 'model', got 0$/],
    ['a threshold without a mixture', { novelty: { threshold: 1 } }, /must have 1 of role 'novelty' .*, got 0$/],
    [
      'a threshold that is no number',
      { novelty: { threshold: '1' } },
      /manifest.novelty.threshold must be a finite number, got "1"$/,
    ],
  ];
  for (const [what, change, message] of refused) {
    it(`refuses ${what}`, async () => {
      const { manifest } = await makeFixture();
      expect(() => readManifest({ ...manifest, ...change })).toThrowError(message);
    });
  }

  it('refuses what is no object', () => {
    expect(() => readManifest([])).toThrowError(TypeError, 'loadPack: manifest must be an object, got a list');
  });
});
