// Jasmine helper: tfjs with its cpu and wasm backends and the stock gradients, which @tensorflow/tfjs registers.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { env, ready, setBackend } from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

setWasmPaths(path.join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist/'));
env().set('IS_TEST', true); // a kernel that leaks data throws; no advertisement for the native binding
jasmine.DEFAULT_TIMEOUT_INTERVAL = 120_000;
await setBackend('cpu');
await ready();
