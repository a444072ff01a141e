import fs from 'node:fs';
import path from 'node:path';
import { root } from './workspaces.mjs';

const folder = 'conformance/cases';
const output = path.join(root, 'conformance/case-files.ts');

/**
 * Writes the list of conformance's case files, which Node, Karma and the page import alike: every .ts directly in a
 * folder of cases/, and the registration of every plugin that has one.
 */
export function writeCaseFiles() {
  const folders = fs.readdirSync(path.join(root, folder), { withFileTypes: true }).filter((each) => each.isDirectory());
  const files = folders.flatMap(({ name }) => {
    const cases = fs.readdirSync(path.join(root, folder, name)).filter((file) => file.endsWith('.ts'));
    return cases.map((file) => `${name}/${path.basename(file, '.ts')}`);
  });
  const plugins = folders.map(({ name }) => name).filter((name) => fs.existsSync(path.join(root, 'plugins', name)));
  const text = listOf(files.sort(), plugins.sort());
  const isCurrent = fs.existsSync(output) && fs.readFileSync(output, 'utf8') === text;
  if (!isCurrent) fs.writeFileSync(output, text);
}

function listOf(files, plugins) {
  const lines = [
    '// Made from the folders of cases/ by scripts/case-files.mjs.',
    "import type { registerOp } from '@tfjs-sparse/core';",
    "import type { CaseFile } from './cases/case-file.js';",
    ...plugins.map((name, i) => `import { forEachOp as plugin${i} } from '@tfjs-sparse/${name}/register';`),
    ...files.map((file, i) => `import * as file${i} from './cases/${file}.js';`),
    '',
    'export const caseFiles: Readonly<Record<string, CaseFile>> = {',
    ...files.map((file, i) => `  '${file}': file${i},`),
    '};',
    '',
    '/** Calls `register` with the ops of every plugin that has cases. */',
    'export function forEachOp(register: typeof registerOp): void {',
    ...plugins.map((_, i) => `  plugin${i}(register);`),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}
