import fs from 'node:fs';
import path from 'node:path';
import { compileAssembly } from '../scripts/assembly.mjs';
import { root } from '../scripts/workspaces.mjs';

const workspace = 'build/assembly-spec';
const sources = path.join(root, workspace, 'src');
const output = path.join(sources, 'wasm-binaries.ts');

describe('compileAssembly', () => {
  beforeEach(() => {
    fs.rmSync(sources, { recursive: true, force: true });
    fs.mkdirSync(path.join(sources, 'inner'), { recursive: true });
    write('double.as.ts', 'export function double(x: i32): i32 { return 2 * x; }');
  });

  it('makes one module of all files, in both variants', async () => {
    const relaxed = 'isDefined(RELAXED)';
    write('inner/variant.as.ts', `export function variant(): i32 { return ${relaxed} ? 1 : 0; }`);
    await compileAssembly(workspace);
    const text = fs.readFileSync(output, 'utf8');
    for (const [name, expected] of [
      ['simd', 0],
      ['relaxed', 1],
    ]) {
      const base64 = new RegExp(`const ${name}: string =\\s+'([^']+)'`).exec(text)[1];
      const env = { memory: new WebAssembly.Memory({ initial: 0, maximum: 65536 }) };
      const { instance } = await WebAssembly.instantiate(Buffer.from(base64, 'base64'), { env });
      expect(instance.exports.double(21)).toBe(42);
      expect(instance.exports.variant()).toBe(expected);
    }
  });

  it('refuses two exports of one name, of which one would be lost', async () => {
    write('inner/other.as.ts', 'export const double: i32 = 2;');
    await expectAsync(compileAssembly(workspace)).toBeRejectedWithError(
      `${workspace}/src/inner/other.as.ts: exports double, as ${workspace}/src/double.as.ts does; rename one`,
    );
  });

  it('writes nothing when nothing changed', async () => {
    await compileAssembly(workspace);
    const { mtimeMs } = fs.statSync(output);
    await compileAssembly(workspace);
    expect(fs.statSync(output).mtimeMs).toBe(mtimeMs);
  });

  it('refuses static data, which would overwrite the heap of the tfjs wasm backend', async () => {
    write('table.as.ts', 'export function table(): usize { return memory.data<i32>([1, 2, 3]); }');
    await expectAsync(compileAssembly(workspace)).toBeRejectedWithError(/must not place static data/);
  });
});

function write(file, text) {
  fs.writeFileSync(path.join(sources, file), text);
}
