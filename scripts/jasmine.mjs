import fs from 'node:fs';
import path from 'node:path';
import Jasmine from 'jasmine';
import { filesBelow, root, workspaces } from './workspaces.mjs';

/** Compiled specs of all workspaces (those whose source still exists), then the specs of the tooling. */
export function nodeSpecs() {
  const compiled = workspaces().flatMap(({ directory }) => filesBelow(directory, '.spec.js'));
  const current = compiled.filter((file) => file.split(path.sep).includes('dist'));
  const withSource = current.filter((file) => fs.existsSync(path.join(root, sourceOf(file))));
  return [...withSource, ...filesBelow('tests', '.spec.mjs')];
}

/** Runs the files in order and returns how many specs {passed, failed, skipped}. */
export async function runJasmine(files) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const runner = new Jasmine({ projectBaseDir: root });
  runner.exitOnCompletion = false;
  runner.loadConfig({ random: false, helpers: ['tests/setup-node.mjs'], spec_files: files });
  runner.addReporter({ specDone: (result) => counts[statuses[result.status] ?? 'skipped']++ });
  const { overallStatus } = await runner.execute();
  // Errors outside of specs (a file that does not load, a failing afterAll) count as one failure.
  if (overallStatus === 'failed' && counts.failed === 0) counts.failed = 1;
  return counts;
}

const statuses = { passed: 'passed', failed: 'failed' };

/** The nearest tsconfig.json says from which folder dist/ was compiled: a file that has moved leaves no spec behind. */
function sourceOf(file) {
  const [project, compiled] = file.split(`${path.sep}dist${path.sep}`);
  const { rootDir } = JSON.parse(fs.readFileSync(path.join(root, project, 'tsconfig.json'), 'utf8')).compilerOptions;
  return path.join(project, rootDir, compiled.replace(/\.js$/, '.ts'));
}
