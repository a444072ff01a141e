// npm run spec -- <part of a path>: builds, then runs the matching specs in Node. Without a part: all but tests/pack.
// --browser <name> runs them in chromium, firefox or webkit (no .node.spec files there). --counts <file> writes
// {passed, failed, skipped}; --no-build runs what was compiled before.
import fs from 'node:fs';
import { spawnSync } from 'node:child_process';
import browsersModule from './browsers.cjs';
import { build } from './build.mjs';
import { bundleTests } from './bundle-tests.mjs';
import { nodeSpecs, runJasmine } from './jasmine.mjs';
import { parsedArguments } from './parsed-arguments.mjs';

const { values, positionals } = parsedArguments(
  {
    allowPositionals: true,
    options: { browser: { type: 'string' }, counts: { type: 'string' }, 'no-build': { type: 'boolean' } },
  },
  'npm run spec -- [part of a path] [--browser chromium|firefox|webkit] [--counts file] [--no-build]',
);

if (values.browser && !Object.hasOwn(browsersModule.browsers, values.browser)) {
  console.error(`spec: --browser must be ${Object.keys(browsersModule.browsers).join(', ')}, got ${values.browser}`);
  process.exit(1);
}
if (!values['no-build'] && !(await build({ bundles: false }))) {
  console.error('The types are wrong (see above); running what was compiled.');
}
const files = nodeSpecs().filter((file) =>
  positionals.length > 0 ? positionals.some((part) => file.includes(part)) : !file.startsWith('tests/pack/'),
);
if (files.length === 0) {
  console.error(`No spec has ${positionals.join(' or ')} in its path.`);
  process.exit(1);
}
if (values.browser) process.exit(await runInBrowser(values.browser, files));
const counts = await runJasmine(files);
if (values.counts) fs.writeFileSync(values.counts, JSON.stringify(counts));
process.exit(counts.failed > 0 ? 1 : 0);

/** @returns the exit code of Karma */
async function runInBrowser(browser, files) {
  await bundleTests({ isChosen: (file) => files.includes(file), hasConformance: false });
  const env = { ...process.env, KARMA_BROWSER: browser };
  return spawnSync(process.execPath, ['node_modules/karma/bin/karma', 'start'], { stdio: 'inherit', env }).status ?? 1;
}
