export * from '@tfjs-sparse/sparse-conv';
