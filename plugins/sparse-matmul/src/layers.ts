import { serialization } from '@tensorflow/tfjs-core';
import './register.js';
import * as conv1x1 from './conv1x1/layer.js';
import * as conv2D from './conv2d/layer.js';
import * as depthwiseConv2D from './depthwise-conv2d/layer.js';
import * as graphAggregate from './graph-aggregate/layer.js';
import * as nmMatMul from './nm-matmul/layer.js';
import * as quantizedMatMul from './quantized-matmul/layer.js';
import * as sparseMatMul from './sparse-matmul/layer.js';

const modules = [conv1x1, conv2D, depthwiseConv2D, graphAggregate, nmMatMul, quantizedMatMul, sparseMatMul];

for (const layers of modules) {
  for (const layerClass of Object.values(layers)) {
    if ('className' in layerClass) serialization.registerClass(layerClass);
  }
}

export * from './conv1x1/layer.js';
export * from './conv2d/layer.js';
export * from './depthwise-conv2d/layer.js';
export * from './graph-aggregate/layer.js';
export * from './nm-matmul/layer.js';
export * from './quantized-matmul/layer.js';
export { sparseReplacement, type SparseReplacement } from './matmul/replacement-layers.js';
export { SparseDense, type SparseDenseArgs } from './sparse-matmul/layer.js';
