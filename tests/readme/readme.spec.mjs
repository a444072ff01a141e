// Runs the first example of every workspace's README; what it prints must be what its comments say.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root, workspaces } from '../../scripts/workspaces.mjs';

const readmes = workspaces()
  .map(({ directory }) => path.join(directory, 'README.md'))
  .filter((file) => fs.existsSync(path.join(root, file)));

describe('the example of', () => {
  for (const file of readmes) {
    const [, example] = /```js\n([\s\S]*?)```/.exec(fs.readFileSync(path.join(root, file), 'utf8')) ?? [];
    if (!example) continue;
    it(
      file,
      () => {
        const script = path.join(root, 'build', `example-${file.replaceAll(/[/\\.]/g, '-')}.mjs`);
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
      },
      60_000,
    );
  }
});
