import { addThreadedBinaries } from '@tfjs-sparse/core';
import { binaries } from './wasm-binaries.js';

addThreadedBinaries(binaries);
