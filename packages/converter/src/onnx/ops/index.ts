import type { OnnxOp } from '../onnx-operation.js';
import { activationOps } from './activations.js';
import { arithmeticOps } from './arithmetic.js';
import { constantOps } from './constants.js';
import { convolutionOps } from './convolutions.js';
import { gatherOps } from './gathers.js';
import { normalizationOps } from './normalizations.js';
import { poolingOps } from './poolings.js';
import { productOps } from './products.js';
import { quantizationOps } from './quantization.js';
import { recurrentOps } from './recurrent.js';
import { reductionOps } from './reductions.js';
import { resizeOps } from './resizes.js';
import { shapeOps } from './shapes.js';

/** How operators of ONNX become nodes of tfjs, by their names. */
export const onnxOps: Readonly<Record<string, OnnxOp>> = {
  ...activationOps,
  ...arithmeticOps,
  ...constantOps,
  ...convolutionOps,
  ...gatherOps,
  ...normalizationOps,
  ...poolingOps,
  ...productOps,
  ...quantizationOps,
  ...recurrentOps,
  ...reductionOps,
  ...resizeOps,
  ...shapeOps,
};
