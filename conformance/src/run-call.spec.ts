import * as tf from '@tensorflow/tfjs-core';
import { runCall, type CallCase } from './run-call.js';

const refused: CallCase = {
  id: 'subm-conv/refused',
  call() {
    tf.zeros([2]); // an argument
    throw new RangeError('submConv: no');
  },
  error: 'RangeError: submConv: no',
};

describe('runCall', () => {
  const resultOf = (change: Partial<CallCase>) => runCall({ ...refused, ...change });

  it('passes the very error, arguments freed', async () => {
    expect((await resultOf({})).status).toBe('pass');
  });

  it('takes a promise that is rejected', async () => {
    expect((await resultOf({ call: () => Promise.reject(new RangeError('submConv: no')) })).status).toBe('pass');
  });

  it('fails another message, and no error at all', async () => {
    expect((await resultOf({ error: 'RangeError: submConv: yes' })).reason).toBe(
      "must throw 'RangeError: submConv: yes', got 'RangeError: submConv: no'",
    );
    expect((await resultOf({ call: () => undefined })).reason).toBe(
      "must throw 'RangeError: submConv: no', got 'nothing'",
    );
  });

  it('fails a tensor that is kept', async () => {
    const kept: tf.Tensor[] = [];
    const call = () => {
      kept.push(tf.keep(tf.zeros([1])));
      throw new RangeError('submConv: no');
    };
    expect((await resultOf({ call })).reason).toBe('1 tensors more than before the case');
    tf.dispose(kept);
  });

  it('skips with the reason why the call cannot be made', async () => {
    expect(await resultOf({ unavailable: () => 'no adapter' })).toEqual(
      jasmine.objectContaining({ status: 'skip', reason: 'no adapter' }),
    );
  });
});
