import * as tf from '@tensorflow/tfjs-core';
import { largest, largestSource, goldenOf, problems } from './tensor-fixture.spec.js';
import type { AsyncTensorOperation } from './tensor-operation.js';

/** `largest` as an op that reads x on the host first. */
function readingFirst(change: (values: Float32Array) => void): AsyncTensorOperation<object> {
  const { op, inputs, outputs, attributes, define, forward } = largest;
  const forwardAsync: AsyncTensorOperation<object>['forwardAsync'] = async ({ x, shift }, attrs) => {
    const values = (await x.data<'float32'>()).slice();
    change(values);
    return tf.tidy(() => ({ ...forward({ x: tf.tensor(values, x.shape), shift }, attrs) }));
  };
  return { op, inputs, outputs, attributes, define, forwardAsync };
}

describe('executeTensors of an asynchronous op', () => {
  const golden = goldenOf({ ...largestSource, gradients: [] }, largest);

  it('finds its outputs right', async () => {
    expect(await problems(golden, readingFirst(() => {}))).toEqual([null, null]); // prettier-ignore
  });

  it('catches a wrong value', async () => {
    const [values] = await problems(golden, readingFirst((all) => all.fill(9))); // prettier-ignore
    expect(values).toMatch(/^out_values: off by/);
  });
});
