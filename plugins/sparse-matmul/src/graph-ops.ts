import { registerOp } from '@tensorflow/tfjs-converter';
import './register.js';
import * as conv1x1 from './conv1x1/graph-op.js';
import * as conv2D from './conv2d/graph-op.js';
import * as quantizedMatMul from './quantized-matmul/graph-op.js';
import * as depthwiseConv2D from './depthwise-conv2d/graph-op.js';
import * as separableConv2D from './separable-conv2d/graph-op.js';
import * as sparseMatMul from './sparse-matmul/graph-op.js';

const ops = [conv1x1, conv2D, depthwiseConv2D, quantizedMatMul, separableConv2D, sparseMatMul];
for (const { graphOp, execute } of ops) registerOp(graphOp, execute);

/** Names of the ops of graphs that importing this registers. */
export const graphOps: readonly string[] = ops.map(({ graphOp }) => graphOp);
