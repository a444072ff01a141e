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
      const base64 = new RegExp(`const ${name} =\\s+'([^']+)'`).exec(text)[1];
      const env = { memory: new WebAssembly.Memory({ initial: 0, maximum: 65536 }) };
      const { instance } = await WebAssembly.instantiate(Buffer.from(base64, 'base64'), { env });
      expect(instance.exports.double(21)).toBe(42);
      expect(instance.exports.variant()).toBe(expected);
    }
  });

  it('writes the types of the exports and the parameters that parallel kernels take by name', async () => {
    write(
      'kernel.as.ts',
      'export const step: usize = 4;\n' +
        'export function split(firstRow: usize, endRow: usize, _thread: usize, x: usize, isMean: bool): void {\n' +
        '  store<i32>(x, i32(isMean));\n}\n' +
        'export function keep(step: i64): bool { return step > 0; }\n' +
        'export function inner(a: v128): v128 { return a; }',
    );
    await compileAssembly(workspace);
    const text = fs.readFileSync(output, 'utf8');
    expect(text).toContain('  double(x: number): number;\n');
    expect(text).toContain('  keep(step: bigint): number;\n');
    expect(text).toContain("  readonly step: WebAssembly.Global<'i32'>;\n");
    expect(text).toContain('  split: { x: number; isMean: boolean };\n');
    expect(text).toContain("  split: ['x', 'isMean'],\n");
    expect(text).not.toContain('inner(');
  });

  it('refuses two exports of one name, of which one would be lost', async () => {
    write('inner/other.as.ts', 'export const double: i32 = 2;');
    await expectAsync(compileAssembly(workspace)).toBeRejectedWithError(
      `${workspace}/src/inner/other.as.ts: exports double, as ${workspace}/src/double.as.ts does; rename one`,
    );
  });

  it('finds the sources from any folder', async () => {
    const folder = process.cwd();
    process.chdir(sources);
    await compileAssembly(workspace).finally(() => process.chdir(folder));
    expect(fs.readFileSync(output, 'utf8')).toContain('  double(x: number): number;\n');
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
