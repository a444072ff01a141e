import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadPack } from './load-pack.js';
import { makeFixture } from './pack-fixture.spec.js';

describe('loadPack in Node', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'pack-'));
    const { manifest, files } = await makeFixture();
    await fs.writeFile(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
    for (const [name, contents] of files) await fs.writeFile(path.join(folder, name), contents);
  });
  afterAll(() => fs.rm(folder, { recursive: true }));

  it('opens a folder by its path or URL', async () => {
    for (const source of [folder, pathToFileURL(folder), pathToFileURL(folder).href]) {
      const pack = await loadPack(source);
      expect(pack.files.get('weights.bin')!.byteLength).toBe(12);
      pack.dispose();
    }
  });

  it('names the folder that holds no pack', async () => {
    await expectAsync(loadPack(path.join(folder, 'nowhere'))).toBeRejectedWithError(
      /^loadPack: manifest.json must exist \(check the folder of the pack\), got no file .*nowhere/,
    );
  });

  it('can be aborted', async () => {
    await expectAsync(loadPack(folder, { signal: AbortSignal.abort(new Error('enough')) })).toBeRejectedWithError(
      'enough',
    );
  });
});
