import { registerOp } from '@tensorflow/tfjs-converter';
import './register.js';
import * as gelu from './gelu/graph-op.js';
import * as layerNorm from './layer-norm/graph-op.js';

const ops = [gelu, layerNorm];
for (const { graphOp, execute } of ops) registerOp(graphOp, execute);

/** Names of the ops of graphs that importing this registers. */
export const graphOps: readonly string[] = ops.map(({ graphOp }) => graphOp);
