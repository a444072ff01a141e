import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { hasRelaxedSimd, withSharedMemory } from '@tfjs-sparse/core';
import { MissingDataError, type BenchContext } from './bench.js';

export const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Runs on tfjs' wasm backend in this process. */
export async function nodeContext(data: string): Promise<BenchContext> {
  // V8 would start every wasm function in slow code and compile it well at a time of its own choosing.
  setFlagsFromString('--no-liftoff');
  await startSharedBackend();
  return {
    ...fileContext(data),
    runtime: `node ${process.versions.node} ${cpus()[0].model} wasm ${hasRelaxedSimd() ? 'relaxed simd' : 'simd'}`,
    finish: null,
  };
}

/** What does not depend on the backend. */
export function fileContext(data: string): Omit<BenchContext, 'runtime' | 'finish'> {
  return {
    tf,
    async readData(path) {
      const file = join(data, path);
      if (!existsSync(file)) throw new MissingDataError(`bench: --data must have ${path}, got ${data}`);
      const { buffer, byteOffset, byteLength } = await readFile(file);
      return (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
    },
    packSource: (name) => join(repository, 'models', name),
    async onnxruntime() {
      const ort = await import('onnxruntime-web').catch(() => null);
      if (ort) ort.env.wasm.numThreads = 1;
      return ort;
    },
    litert: async () => null,
  };
}

/** Starts tfjs' wasm backend on a shared memory, which cases with several threads need; on one thread it is as fast. */
async function startSharedBackend(): Promise<void> {
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  const name = 'tfjs-backend-wasm-simd.wasm';
  const changed = mkdtempSync(join(tmpdir(), 'tfjs-sparse-bench-'));
  try {
    writeFileSync(join(changed, name), withSharedMemory(readFileSync(join(folder, name))));
    setWasmPaths(join(changed, '/'));
    await tf.setBackend('wasm');
  } finally {
    rmSync(changed, { recursive: true });
  }
}
