import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { root, workspaces } from '../../scripts/workspaces.mjs';

/** Every block of code for Node in the repository's texts. @returns {{ name, code }[]} */
export function readmeExamples() {
  return blocksOf('js|ts');
}

/** Every page. */
export function pageExamples() {
  return blocksOf('html');
}

function blocksOf(languages) {
  const texts = ['README.md', 'CONTRIBUTING.md', ...workspaces().map(({ directory }) => `${directory}/README.md`)];
  return texts
    .filter((file) => fs.existsSync(path.join(root, file)))
    .flatMap((file) => {
      const blocks = fs
        .readFileSync(path.join(root, file), 'utf8')
        .matchAll(new RegExp(`\`\`\`(?:${languages})\\n([\\s\\S]*?)\`\`\``, 'g'));
      return [...blocks].map(([, code], index) => ({ name: `${file}, number ${index + 1}`, code }));
    });
}

/**
 * Runs a block as printed, in a folder in which the packages are installed. It must end well, and print what its comments
 * say.
 */
export function runExample(folder, { name, code }) {
  const script = path.join(folder, `${name.replaceAll(/[^A-Za-z0-9]+/g, '-')}.mjs`);
  fs.writeFileSync(script, `${code}\nprocess.exit(0);\n`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { cwd: folder, encoding: 'utf8' });
  const expected = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, comment]) => comment);
  const printed = stdout.split('\n').filter((line) => expected.includes(line));
  expect(status)
    .withContext(stderr + stdout)
    .toBe(0);
  expect(printed)
    .withContext(stderr + stdout)
    .toEqual(expected);
  expect(expected.length).withContext('lines that say what they print').toBeGreaterThan(0);
  expect(code.trim().split('\n').length).withContext('lines').toBeLessThanOrEqual(12);
}
