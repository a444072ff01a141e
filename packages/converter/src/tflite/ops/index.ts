import type { TfliteOp } from '../tflite-operation.js';
import { activationOps } from './activations.js';
import { arithmeticOps } from './arithmetic.js';
import { batchOps } from './batches.js';
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
import { sliceOps } from './slices.js';

/** Operators of TFLite that become nodes of tfjs, by their names in its schema. */
export const tfliteOps: Readonly<Record<string, TfliteOp>> = {
  ...activationOps,
  ...arithmeticOps,
  ...batchOps,
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
  ...sliceOps,
};
