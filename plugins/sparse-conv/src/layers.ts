import { serialization } from '@tensorflow/tfjs-core';
import { SparseBatchNormalization, type SparseBatchNormalizationArgs } from '@tfjs-sparse/layers';
import './register.js';
import * as broadcast from './broadcast/layer.js';
import * as depthwiseConv from './depthwise-conv/layer.js';
import * as separableConv from './depthwise-conv/separable-layer.js';
import * as globalPool from './global-pool/layer.js';
import * as groupNorm from './group-norm/layer.js';
import * as heightCompression from './height-compression/layer.js';
import * as heightSum from './height-sum/layer.js';
import * as integerSpikes from './integer-spikes/layer.js';
import * as inverseConv from './inverse-conv/layer.js';
import * as pool from './pool/layer.js';
import * as sparseConv from './sparse-conv/layer.js';
import * as submConv from './subm-conv/layer.js';
import * as transposedConv from './transposed-conv/layer.js';
import * as union from './union/layer.js';
import * as unpool from './unpool/layer.js';

const modules = [
  broadcast,
  depthwiseConv,
  separableConv,
  transposedConv,
  globalPool,
  groupNorm,
  heightCompression,
  heightSum,
  integerSpikes,
  inverseConv,
  pool,
  sparseConv,
  submConv,
  union,
  unpool,
];

for (const layers of modules) {
  for (const layerClass of Object.values(layers)) {
    if ('className' in layerClass) serialization.registerClass(layerClass);
  }
}
serialization.registerClass(SparseBatchNormalization);

export { SparseBatchNormalization, type SparseBatchNormalizationArgs };
export * from './blocks/index.js';
export * from './broadcast/layer.js';
export * from './depthwise-conv/layer.js';
export * from './depthwise-conv/separable-layer.js';
export * from './global-pool/layer.js';
export * from './group-norm/layer.js';
export * from './height-compression/layer.js';
export * from './height-sum/layer.js';
export * from './integer-spikes/layer.js';
export * from './inverse-conv/layer.js';
export * from './pool/layer.js';
export * from './sparse-conv/layer.js';
export * from './subm-conv/layer.js';
export * from './transposed-conv/layer.js';
export * from './union/layer.js';
export * from './unpool/layer.js';
