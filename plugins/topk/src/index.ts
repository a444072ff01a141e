import './register.js';

export { batchTopK, type BatchTopKOptions } from './batch-top-k/op.js';
export { encodeTopK, type EncodeTopKOptions } from './encode-top-k/op.js';
export type { KSparse } from './k-sparse/k-sparse.js';
export { topK, type TopKOptions } from './top-k/op.js';
export { sparseDecode, type SparseDecodeOptions } from './sparse-decode/op.js';
export { sparseEncode, type SparseEncodeOptions } from './sparse-encode/op.js';
