import * as tf from '@tensorflow/tfjs-core';
import { sparseOperands, type SparseNodeAttributes } from './graph-operands.js';

describe('sparseOperands', () => {
  const attributes: SparseNodeAttributes = {
    inFeatures: 4,
    outFeatures: 2,
    blockOutputs: 1,
    groupKept: 0,
    groupSize: 0,
    hasBias: false,
    activation: 'linear',
  };

  it('decodes shared words for each node that reads them otherwise, and else once', () => {
    const words = tf.tensor1d([0x01010101], 'int32'); // of gaps: every second block
    const patternOf = (changed: Partial<SparseNodeAttributes>, blockCount = 4) =>
      sparseOperands([tf.zeros([blockCount, 1]), words], { ...attributes, ...changed }).pattern;
    const plain = patternOf({});
    expect([...plain.columns]).toEqual([1, 3, 1, 3]);
    expect(patternOf({ hasBias: false })).toBe(plain);
    expect(patternOf({ inFeatures: 2, outFeatures: 4 }).inFeatures).toBe(2);
    expect(patternOf({ inFeatures: 8, outFeatures: 1 }).columns).toEqual(Int32Array.of(1, 3, 5, 7));
    expect(patternOf({ outFeatures: 4, blockOutputs: 2 }).blockOutputs).toBe(2);
  });
});
