import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where tfjs' wasm backend keeps its .wasm files, with a separator at the end. */
export const wasmFolder = join(dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm'))), '/');
