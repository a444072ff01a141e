import fs from 'node:fs';
import path from 'node:path';
import { workspace } from '../node-files.js';
import { operationCases } from '../operations.js';
import { goldenBytes } from './golden-bytes.js';

describe('golden files', () => {
  const layers = operationCases.flatMap((operation) => operation.layers);
  for (const { op, cases, tensorOperation } of operationCases) {
    it(`of ${op} are what its cases and the oracle make, byte for byte`, () => {
      const stored = fs.readFileSync(path.join(workspace, 'golden', `${op}.safetensors`));
      expect(Buffer.compare(stored, goldenBytes(cases, layers, tensorOperation))).toBe(0);
    });

    it(`of ${op} have ids that are unique and begin with the op`, () => {
      const ids = cases.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.filter((id) => !/^[a-z][a-z0-9-]*\/[a-z0-9.-]+$/.test(id) || !id.startsWith(`${op}/`))).toEqual([]);
    });
  }
});
