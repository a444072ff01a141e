import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { floatValues, readTfliteFile, type TfliteModel } from './tflite-model.js';

const folder = fileURLToPath(new URL('../../../../../shared/data/checkpoints', import.meta.url));
const ending = '.expected.json';

interface Expected {
  readonly file: { readonly container: string };
  readonly tensors: readonly {
    readonly name: string;
    readonly type: string;
    readonly shape: number[];
    readonly buffer_bytes: number;
    readonly sha256: string | null;
  }[];
  /** Tensors with their zeros, as nested lists. */
  readonly dense?: Readonly<Record<string, number[][]>>;
  readonly weights?: { readonly float32_sha256: string };
}

function filesOf(): [name: string, expected: Expected][] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  return names
    .map((name): [string, Expected] => [
      name.slice(0, -ending.length),
      JSON.parse(readFileSync(join(folder, name), 'utf8')) as Expected,
    ])
    .filter(([, { file }]) => file.container === 'tflite');
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
}

function opened(name: string): TfliteModel {
  return readTfliteFile(new Uint8Array(readFileSync(join(folder, name))).buffer);
}

describe('foreign TFLite files with their contents', () => {
  const files = filesOf();
  if (files.length === 0) it('are read where they are', () => pending('no folder shared/data/checkpoints'));
  for (const [name, { tensors, dense, weights }] of files) {
    it(`${name} reads to the last bit`, async () => {
      const model = opened(name);
      for (const [index, { name: of, type, shape, stored }] of model.tensors.entries()) {
        const expected = tensors[index];
        expect([of, type.toUpperCase(), shape, stored.length]).toEqual([
          expected.name,
          expected.type,
          expected.shape,
          expected.buffer_bytes,
        ]);
        if (expected.sha256) expect(await sha256(stored.slice())).toBe(expected.sha256);
      }
      for (const [path, rows] of Object.entries(dense ?? {})) {
        expect([...floatValues(model, model.tensor(Number(path.split('.')[1])))]).toEqual(rows.flat());
      }
      if (weights) {
        const values = floatValues(model, model.tensor(1));
        expect(await sha256(new Uint8Array(values.buffer as ArrayBuffer))).toBe(weights.float32_sha256);
      }
    });
  }
});
