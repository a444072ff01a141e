import { registerOp } from '@tensorflow/tfjs-converter';
import './register.js';
import * as sparseDecode from './sparse-decode/graph-op.js';
import * as toDense from './to-dense/graph-op.js';

for (const { graphOp, execute } of [sparseDecode, toDense]) registerOp(graphOp, execute);
