import { registerOp } from '@tensorflow/tfjs-converter';
import './register.js';
import * as gelu from './gelu/graph-op.js';
import * as layerNorm from './layer-norm/graph-op.js';

for (const { graphOp, execute } of [gelu, layerNorm]) registerOp(graphOp, execute);
