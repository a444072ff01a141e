export { CoordinateMap, SparseTensor, sparseTensor } from '@tfjs-sparse/core';
