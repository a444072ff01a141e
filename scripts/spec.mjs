// npm run spec -- <part of a path>: builds, then runs the matching specs in Node. Without a part: all but tests/pack.
// --counts <file> writes {passed, failed, skipped}; --no-build runs what was compiled before.
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { nodeSpecs, runJasmine } from './jasmine.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { counts: { type: 'string' }, 'no-build': { type: 'boolean' } },
});

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
const counts = await runJasmine(files);
if (values.counts) fs.writeFileSync(values.counts, JSON.stringify(counts));
process.exit(counts.failed > 0 ? 1 : 0);
