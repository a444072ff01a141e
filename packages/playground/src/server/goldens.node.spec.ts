import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { modelsFolder, packsJson } from './goldens.js';

describe('packsJson', () => {
  it('lists every pack with the cases of its golden', () => {
    const packs = JSON.parse(new TextDecoder().decode(packsJson())) as { pack: string; cases: object[] }[];
    const names = packs.map(({ pack }) => pack);
    for (const name of ['wafer-sscn', 'fashion-mobilenet-90/nm']) expect(names).toContain(name);
    for (const { pack, cases } of packs) {
      expect(existsSync(join(modelsFolder, pack, 'manifest.json'))).toBeTrue();
      expect(cases.length).withContext(pack).toBeGreaterThan(0);
    }
  });
});
