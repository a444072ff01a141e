import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setThreads, withSharedMemory } from '@tfjs-sparse/core';

const run = promisify(execFile)(process.execPath, [join(import.meta.dirname, 'run.mjs')]).then(({ stdout }) =>
  JSON.parse(stdout.trim().split('\n').at(-1)),
);

describe('threads', () => {
  it('are those of the latest of two calls, and end with the backend', async () => {
    const { afterTwoStarts, afterRemoval } = await run;
    expect(afterTwoStarts).toBe(2);
    expect(afterRemoval).toBe(0);
  });

  it('give the bits of one thread, forward and backward', async () => {
    const { results, isShared } = await run;
    expect(isShared).toBeTrue();
    expect(results[1].flat().length).toBe(14);
    expect(results[2]).toEqual(results[1]);
    expect(results[5]).toEqual(results[1]);
  });

  it('are refused where they cannot run', async () => {
    await expectAsync(setThreads(0)).toBeRejectedWithError(
      RangeError,
      'setThreads: count must be an integer from 1 to 64, got 0',
    );
    await expectAsync(setThreads(2)).toBeRejectedWithError(/^setThreads: the active backend must be 'wasm', got '/);
  });
});

describe('withSharedMemory', () => {
  it('refuses what is not a module with a memory of its own', () => {
    expect(() => withSharedMemory(Uint8Array.of(1, 2, 3))).toThrowError(
      'withSharedMemory: binary must be a WebAssembly module, version 1, got 3 bytes of something else',
    );
    expect(() => withSharedMemory(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))).toThrowError(
      'withSharedMemory: binary must define one memory with a maximum, got none',
    );
  });
});
