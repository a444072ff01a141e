// npm run goldens -w conformance: writes golden/<op>.safetensors from cases/<plugin>/<op>.ts and the float64 oracle.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { operationCases } from '../operations.js';
import { goldenBytes } from './golden-bytes.js';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../golden');

fs.mkdirSync(folder, { recursive: true });
const layers = operationCases.flatMap((operation) => operation.layers);
for (const { op, cases, tensorOperation } of operationCases) {
  const bytes = goldenBytes(cases, layers, tensorOperation);
  fs.writeFileSync(path.join(folder, `${op}.safetensors`), bytes);
  console.log(`${op}: ${cases.length} cases, ${bytes.length} bytes`);
}
