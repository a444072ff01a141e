import type { MaxRows } from '../max-rows/attributes.js';
import type { SumRowsAttrs } from '../sum-rows/attributes.js';

export interface WeightedSumRows {
  inputs: { x: 'float32'; values: 'float32' };
  outputs: { y: 'float32' };
  attrs: SumRowsAttrs;
}

export interface WeightedMaxRows {
  inputs: { x: 'float32'; values: 'float32' };
  outputs: { y: 'float32' };
  attrs: MaxRows['attrs'];
}
