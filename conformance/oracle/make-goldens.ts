// npm run goldens -w conformance: writes golden/<op>.safetensors from cases/<op>.ts and the float64 oracle.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { operations } from '../cases/index.js';
import { goldenBytes } from './golden-bytes.js';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../golden');

fs.mkdirSync(folder, { recursive: true });
for (const { op, cases, tensorOperation } of operations) {
  const bytes = goldenBytes(cases, tensorOperation);
  fs.writeFileSync(path.join(folder, `${op}.safetensors`), bytes);
  console.log(`${op}: ${cases.length} cases, ${bytes.length} bytes`);
}
