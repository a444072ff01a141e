import { serialization } from '@tensorflow/tfjs-core';
import { SparseBatchNormalization } from '@tfjs-sparse/layers';
import './register.js';
import * as attentionPooling from './attention-pooling/layer.js';
import * as blockSparseAttention from './block-sparse-attention/layer.js';
import * as dsvtBlock from './dsvt-block/layer.js';
import * as flatFormerBlock from './flat-former-block/layer.js';
import * as gelu from './gelu/layer.js';
import * as grapher from './grapher/layer.js';
import * as litePTBlock from './lite-pt-block/layer.js';
import * as pointTransformerBlock from './point-transformer-block/layer.js';
import * as serializedPooling from './serialized-pooling/layer.js';
import * as setAttention from './set-attention/layer.js';
import * as slidingWindowAttention from './sliding-window-attention/layer.js';
import * as sparsifinerAttention from './sparsifiner-attention/layer.js';

const modules = [
  attentionPooling,
  blockSparseAttention,
  dsvtBlock,
  flatFormerBlock,
  gelu,
  grapher,
  litePTBlock,
  pointTransformerBlock,
  serializedPooling,
  setAttention,
  slidingWindowAttention,
  sparsifinerAttention,
];

for (const layers of modules) {
  for (const layerClass of Object.values(layers)) {
    if ('className' in layerClass) serialization.registerClass(layerClass);
  }
}
serialization.registerClass(SparseBatchNormalization);

export * from './attention-pooling/layer.js';
export type { MaskPattern } from './attention-masks/mask-pattern.js';
export * from './block-sparse-attention/layer.js';
export * from './dsvt-block/layer.js';
export * from './flat-former-block/layer.js';
export * from './gelu/layer.js';
export * from './grapher/layer.js';
export * from './lite-pt-block/layer.js';
export * from './networks/dsvt.js';
export * from './networks/flat-former.js';
export * from './networks/lite-pt.js';
export * from './networks/point-transformer-v3.js';
export type { ConvolutionArgs, SerializedNetworkOptions } from './networks/serialized-network.js';
export type { Partition } from './partition/partition.js';
export * from './point-transformer-block/layer.js';
export * from './serialized-pooling/layer.js';
export * from './set-attention/layer.js';
export * from './sliding-window-attention/layer.js';
export * from './sparsifiner-attention/layer.js';
