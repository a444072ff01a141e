import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';

const folder = path.dirname(fileURLToPath(import.meta.url));
const fixtures = path.join(folder, 'fixtures');
const root = path.resolve(folder, '../..');

// A fixture's place below fixtures/ is the place in the repository it stands for. Its first line says which rule must
// fire and a part of the message; without that line nothing may fire.
describe('lint rules', () => {
  const eslint = new ESLint({ cwd: root });
  const files = fs.readdirSync(fixtures, { recursive: true }).filter((file) => file.endsWith('.ts'));

  for (const file of files.sort()) {
    const text = fs.readFileSync(path.join(fixtures, file), 'utf8');
    const [, rule, message] = /^\/\/ expect (\S+): (.+)\n/.exec(text) ?? [];
    it(`${file} ${rule ? `breaks ${rule}` : 'is clean'}`, async () => {
      const [{ messages }] = await eslint.lintText(text, { filePath: path.join(root, file) });
      const fired = messages.map((found) => `${found.ruleId}: ${found.message}`);
      if (!rule) return expect(fired).toEqual([]);
      expect(fired.length).toBe(1);
      expect(fired[0]).toContain(rule);
      expect(fired[0]).toContain(message);
    });
  }
});
