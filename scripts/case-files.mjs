import fs from 'node:fs';
import path from 'node:path';
import { root } from './workspaces.mjs';

const folder = 'conformance/cases';
const output = path.join(root, 'conformance/case-files.ts');

/** Writes the list of conformance's case files, which Node, Karma and the page import alike: every .ts in a folder of cases/. */
export function writeCaseFiles() {
  const folders = fs.readdirSync(path.join(root, folder), { withFileTypes: true }).filter((each) => each.isDirectory());
  const files = folders.flatMap(({ name }) => {
    const cases = fs.readdirSync(path.join(root, folder, name)).filter((file) => file.endsWith('.ts'));
    return cases.map((file) => `${name}/${path.basename(file, '.ts')}`);
  });
  const text = listOf(files.sort());
  const isCurrent = fs.existsSync(output) && fs.readFileSync(output, 'utf8') === text;
  if (!isCurrent) fs.writeFileSync(output, text);
}

function listOf(files) {
  const lines = [
    '// Made from the folders of cases/ by scripts/case-files.mjs.',
    "import type { CaseFile } from './cases/case-file.js';",
    ...files.map((file, i) => `import * as file${i} from './cases/${file}.js';`),
    '',
    'export const caseFiles: Readonly<Record<string, CaseFile>> = {',
    ...files.map((file, i) => `  '${file}': file${i},`),
    '};',
  ];
  return `${lines.join('\n')}\n`;
}
