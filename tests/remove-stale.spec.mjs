import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isOrphan } from '../scripts/remove-stale.mjs';

describe('isOrphan', () => {
  it('says which compiled file has lost its source', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tfjs-sparse-stale-'));
    fs.mkdirSync(path.join(folder, 'dist/op'), { recursive: true });
    fs.mkdirSync(path.join(folder, 'src/op'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'src/op/kept.ts'), '');
    for (const name of ['kept', 'gone']) {
      const map = JSON.stringify({ sources: [`../../src/op/${name}.ts`] });
      fs.writeFileSync(path.join(folder, `dist/op/${name}.js.map`), map);
    }
    expect(isOrphan('dist/op/kept.js.map', folder)).toBe(false);
    expect(isOrphan('dist/op/gone.js.map', folder)).toBe(true);
    fs.rmSync(folder, { recursive: true });
  });
});
