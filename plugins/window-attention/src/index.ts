export { CoordinateMap, SparseTensor, sparseTensor } from '@tfjs-sparse/core';
export { windowMean, type WindowOptions } from './window-mean/op.js';
