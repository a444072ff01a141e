import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const folderWithout = fileURLToPath(new URL('../expectations', import.meta.url));
const cli = fileURLToPath(new URL('cli.js', import.meta.url));

describe('npm run conformance', () => {
  const refused: [string, string[], Record<string, string>, string][] = [
    [
      'a folder of goldens that is not there',
      ['--golden', '/nonexistent'],
      {},
      'conformance: --golden must be a folder, got /nonexistent (not there)',
    ],
    ['a file in its place', ['--golden', cli], {}, `conformance: --golden must be a folder, got the file ${cli}`],
    [
      'a folder without goldens',
      ['--golden', folderWithout],
      {},
      `conformance: --golden must be a folder with .safetensors files, got ${folderWithout} (none below it)`,
    ],
    ['an unknown option', ['--nope'], {}, "conformance: Unknown option '--nope' (--help lists the options)"],
    [
      'a misspelt name of what must be there',
      [],
      { CONFORMANCE_REQUIRE: 'wasm,webgqu' },
      'conformance: CONFORMANCE_REQUIRE must be cpu, wasm, webgl, webgpu, got webgqu',
    ],
  ];
  for (const [what, args, env, message] of refused) {
    it(`refuses ${what}`, async () => {
      const { code, errors } = await new Promise<{ code: number | null; errors: string }>((resolve) => {
        const child = execFile(process.execPath, [cli, ...args], { env: { ...process.env, ...env } }, (_, __, errors) =>
          resolve({ code: child.exitCode, errors }),
        );
      });
      expect([code, errors.trimEnd()]).toEqual([1, message]);
    });
  }

  it('says what is wrong with a driver that was named', async () => {
    const { noAdapter } = await import('./node-backends.js');
    expect(noAdapter(undefined)).toContain('set VK_DRIVER_FILES');
    expect(noAdapter('/a.json')).toBe(
      'no WebGPU adapter: Dawn takes none of the driver that VK_DRIVER_FILES names, /a.json',
    );
  });
});
