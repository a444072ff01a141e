import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { hasRelaxedSimd } from '@tfjs-sparse/core';
import type { BenchContext } from './bench.js';
import { runBench } from './run.js';

const parameters = new URLSearchParams(location.search);

try {
  setWasmPaths('/wasm/');
  await tf.setBackend('wasm');
  for await (const row of runBench(parameters.get('name')!, parameters.get('glob')!, browserContext(), () => {}))
    await post({ row });
  await post({ done: true });
} catch (error) {
  await post({ error: error instanceof Error ? error.message : String(error) });
}

function browserContext(): BenchContext {
  const [browser] = /(Firefox|Chrome)\/\d+/.exec(navigator.userAgent) ?? ['WebKit']; // which freezes its numbers
  return {
    tf,
    runtime: `${browser} wasm ${hasRelaxedSimd() ? 'relaxed simd' : 'simd'}`,
    finish: null,
    async readData(path) {
      const response = await fetch(`/data/${path}`);
      if (!response.ok) throw new Error(`bench: the data folder must hold ${path}, got status ${response.status}`);
      return response.arrayBuffer();
    },
    packSource: (name) => new URL(`/models/${name}`, location.href).href,
    async onnxruntime() {
      const ort = await import('onnxruntime-web').catch(() => null);
      if (ort) Object.assign(ort.env.wasm, { numThreads: 1, wasmPaths: '/onnxruntime/' });
      return ort;
    },
    async litert() {
      const litert = await import('@litertjs/core');
      await litert.loadLiteRt('/litert/', { threads: false });
      return litert;
    },
  };
}

async function post(message: object): Promise<void> {
  await fetch('/', { method: 'POST', body: JSON.stringify(message) });
}
