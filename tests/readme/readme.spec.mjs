// Runs the examples that print something in every workspace's README; what they print must be what their comments say.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root, workspaces } from '../../scripts/workspaces.mjs';

const readmes = workspaces()
  .map(({ directory }) => path.join(directory, 'README.md'))
  .filter((file) => fs.existsSync(path.join(root, file)));

describe('the example of', () => {
  for (const file of readmes) {
    const blocks = fs.readFileSync(path.join(root, file), 'utf8').matchAll(/```js\n([\s\S]*?)```/g);
    const examples = [...blocks].map(([, code]) => code).filter((code) => code.includes('console.log'));
    for (const [index, example] of examples.entries())
      it(`${file}, number ${index + 1}`, () => {
        const script = path.join(root, 'build', `example-${file.replaceAll(/[/\\.]/g, '-')}-${index}.mjs`);
        fs.mkdirSync(path.dirname(script), { recursive: true });
        fs.writeFileSync(script, `${example}\nprocess.exit(0);\n`);
        const { stdout, stderr } = spawnSync(process.execPath, [script], { cwd: root, encoding: 'utf8' });
        const expected = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, comment]) => comment);
        expect(expected.length).withContext('lines with a comment').toBeGreaterThan(0);
        const printed = stdout.split('\n').filter((line) => expected.includes(line));
        expect(printed)
          .withContext(stderr + stdout)
          .toEqual(expected);
        expect(example.trim().split('\n').length).withContext('lines').toBeLessThanOrEqual(10);
      }, 60_000);
  }
});
