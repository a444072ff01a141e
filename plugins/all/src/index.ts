export * from '@tfjs-sparse/sparse-conv';
export * from '@tfjs-sparse/sparse-matmul';
