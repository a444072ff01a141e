export * from '@tfjs-sparse/sparse-conv';
export * from '@tfjs-sparse/sparse-matmul';
export * from '@tfjs-sparse/topk';
export * from '@tfjs-sparse/window-attention';
