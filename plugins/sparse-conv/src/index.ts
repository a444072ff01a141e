import './register.js';

export { CoordinateMap, SparseTensor, sparseTensor } from '@tfjs-sparse/core';
export { sparseInverseConv, type SparseInverseConvOptions } from './inverse-conv/op.js';
export { sparseConv, type SparseConvOptions } from './sparse-conv/op.js';
export { submConv, type SubmConvOptions } from './subm-conv/op.js';
