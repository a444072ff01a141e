import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

describe('mistakes of who runs a command', () => {
  const mistakes = new URL('../scripts/mistakes.mjs', import.meta.url).href;
  const errorsOf = (code) => {
    const args = ['--import', mistakes, '--input-type=module', '--eval', code];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(status).toBe(1);
    return stderr.trim();
  };

  it('are told in a line', () => {
    expect(errorsOf("import { parseArgs } from 'node:util'; parseArgs({ args: ['--nope'], options: {} });")).toBe(
      "Unknown option '--nope' (--help lists the options)",
    );
    expect(errorsOf("await (await import('node:fs/promises')).readFile('/nonexistent/a');")).toBe(
      'a file must be there that can be read or written, got /nonexistent/a (not there)',
    );
    expect(errorsOf("throw new RangeError('bench: --data must be a folder, got b');")).toBe(
      'bench: --data must be a folder, got b',
    );
  });

  it('are not what the code did wrong, which comes with its stack', () => {
    expect(errorsOf("throw new RangeError('internal: x must be 1, got 2');")).toContain('\n    at ');
    expect(errorsOf('null.x;')).toContain('\n    at ');
  });

  it('end every command that npm runs', () => {
    const run = fileURLToPath(new URL('../scripts/run.mjs', import.meta.url));
    const train = 'models/shakespeare-sae/train/dist/train.js';
    const { status, stderr } = spawnSync(process.execPath, [run, train, '--nope'], { encoding: 'utf8' });
    expect([status, stderr.trim().split('\n').at(-1)]).toEqual([1, jasmine.stringMatching(/^Unknown option '--nope'/)]);
  }, 120_000);
});
