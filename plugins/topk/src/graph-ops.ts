import { registerOp } from '@tensorflow/tfjs-converter';
import './register.js';
import * as sparseDecode from './sparse-decode/graph-op.js';
import * as toDense from './to-dense/graph-op.js';

const ops = [sparseDecode, toDense];
for (const { graphOp, execute } of ops) registerOp(graphOp, execute);

/** Names of the ops of graphs that importing this registers. */
export const graphOps: readonly string[] = ops.map(({ graphOp }) => graphOp);
