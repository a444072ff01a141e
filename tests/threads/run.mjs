// Convolutions and their gradients on 1, 2 and 5 threads, on tfjs' wasm backend with a shared memory; prints what each
// gave as JSON. A process of its own, because a process has one wasm backend.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { setThreads, sparseTensor, withSharedMemory } from '@tfjs-sparse/core';
import { sparseConv, submConv } from '@tfjs-sparse/sparse-conv';
import { depthwiseConv2D, packWeights, sparseConv2D, sparseSeparableConv2D } from '@tfjs-sparse/sparse-matmul';

let workers = 0;
process.on('worker', (worker) => {
  workers++;
  worker.once('exit', () => workers--);
});

await startSharedBackend();
const results = {};
for (const threads of [1, 2, 5]) {
  await setThreads(threads);
  results[threads] = [await submanifold(), await strided(), await sparseProduct(), await depthwise(), await wide()];
}
const isShared = tf.backend().wasm.asm.memory.buffer instanceof SharedArrayBuffer;
await Promise.all([setThreads(4), setThreads(3)]);
const afterTwoStarts = await settled(2);
tf.removeBackend('wasm');
console.log(JSON.stringify({ results, isShared, afterTwoStarts, afterRemoval: await settled(0) }));

/** How many workers there are, when they are `expected` or after 5 s. */
async function settled(expected) {
  for (let i = 0; i < 500 && workers !== expected; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  return workers;
}

/** More than three tiles of sites, channels that fill no panel. */
async function submanifold() {
  return outputsAndGradients([27, 5, 11], (x, filter, bias) => submConv(x, filter, { kernelSize: 3, bias }));
}

async function strided() {
  const options = { kernelSize: 2, strides: 2 };
  return outputsAndGradients([8, 5, 16], (x, filter, bias) => sparseConv(x, filter, { ...options, bias }));
}

/** With clamps at infinity. */
async function sparseProduct() {
  const dense = Float32Array.from({ length: 32 * 20 }, (_, i) => (i % 7 === 0 ? Math.sin(i) : 0));
  const { pattern, values } = packWeights(dense, [32, 20], { blockOutputs: 1 });
  return imageBits((x, filter) =>
    sparseSeparableConv2D(x, filter, tf.tensor2d(values, [pattern.blockCount, 1]), pattern, { activation: 'relu' }),
  );
}

async function depthwise() {
  return imageBits((x, filter) => depthwiseConv2D(x, filter, { strides: 2, padding: 'same' }));
}

async function wide() {
  const dense = Float32Array.from({ length: 9 * 32 * 20 }, (_, i) => (i % 7 === 0 ? Math.sin(i) : 0));
  const { pattern, values } = packWeights(dense, [9 * 32, 20]);
  const kept = tf.tensor2d(values, [pattern.blockCount, 1]);
  return imageBits((x) => sparseConv2D(x, kept, pattern, { kernelSize: 3, padding: 'same', strides: 2 }));
}

async function imageBits(convolve) {
  const x = tf.randomNormal([2, 40, 41, 32], 0, 1, 'float32', 4);
  const bits = [];
  for (const kernel of [3, 5]) {
    const filter = tf.randomNormal([kernel, kernel, 32, 1], 0, 1, 'float32', 5);
    const y = tf.tidy(() => convolve(x, filter));
    bits.push(checksum(await y.data()));
    tf.dispose([filter, y]);
  }
  x.dispose();
  return bits;
}

async function outputsAndGradients([offsets, inChannels, outChannels], convolve) {
  const side = 16;
  const rows = Array.from({ length: 3500 }, (_, i) => [0, Math.floor(i / side / side), Math.floor(i / side) % side, i % side]); // prettier-ignore
  const random = (shape, seed) => tf.randomNormal(shape, 0, 1, 'float32', seed);
  const inputs = [random([rows.length, inChannels], 1), random([offsets, inChannels, outChannels], 2), random([outChannels], 3)]; // prettier-ignore
  const { value, grads } = tf.valueAndGrads((features, filter, bias) =>
    tf.square(convolve(sparseTensor(features, rows), filter, bias).features),
  )(inputs);
  const bits = await Promise.all([value, ...grads].map(async (tensor) => checksum(await tensor.data())));
  tf.dispose([value, ...grads, ...inputs]);
  return bits;
}

/** FNV-1a over the bits. */
function checksum(values) {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(values.buffer, values.byteOffset, values.byteLength)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return `${values.length}:${hash >>> 0}`;
}

async function startSharedBackend() {
  const name = 'tfjs-backend-wasm-simd.wasm';
  const source = join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')), name);
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-sparse-threads-'));
  writeFileSync(join(folder, name), withSharedMemory(readFileSync(source)));
  setWasmPaths(join(folder, '/'));
  await tf.setBackend('wasm');
  rmSync(folder, { recursive: true });
}
