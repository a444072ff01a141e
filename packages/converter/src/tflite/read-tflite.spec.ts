import * as tf from '@tensorflow/tfjs';
import { float16Bits } from '@tfjs-sparse/core';
import { writeGraph } from '../graph/write-graph.js';
import { flatBuffer, type FlatRecord } from './flat-buffer-fixture.spec.js';
import { readTflite } from './read-tflite.js';

const numbers = (...values: number[]) => Int32Array.from(values);
const bytesOf = (values: Float32Array | Uint16Array | Int32Array) => new Uint8Array(values.buffer);
const operator = (code: number, inputs: number[], output: number, options: FlatRecord = {}): FlatRecord => ({
  0: code,
  1: numbers(...inputs),
  2: numbers(output),
  4: options,
});
const [float32, float16, int32] = [0, 1, 2];
const tensor = (shape: number[], type: number, buffer: number): FlatRecord => ({
  0: numbers(...shape),
  1: type,
  2: buffer,
});

/** Image -> pad -> 1 x 1 convolution with a sparse filter, a float16 bias and ReLU. */
function file(code: number): ArrayBuffer {
  const last = { 0: 1, 2: 1, 3: { 0: numbers(0, 1, 2) }, 4: 1, 5: { 0: numbers(1, 0) } };
  const rows = { 0: numbers(0, 1, 2, 3), 2: [{ 0: 0 }, { 0: 0 }, { 0: 0 }, last] };
  return flatBuffer({
    1: [34, 124, 6, code].map((each) => ({ 0: Math.min(each, 127), 3: each })),
    2: [
      {
        0: [
          tensor([1, 2, 1, 2], float32, 0),
          tensor([4, 2], int32, 1),
          tensor([1, 3, 1, 2], float32, 0),
          { ...tensor([2, 1, 1, 2], float32, 2), 6: rows },
          tensor([2, 1, 1, 2], float32, 0),
          tensor([2], float16, 3),
          tensor([2], float32, 0),
          tensor([1, 3, 1, 2], float32, 0),
        ],
        1: numbers(0),
        2: numbers(7),
        3: [
          operator(0, [0, 1], 2),
          operator(1, [3], 4),
          operator(2, [5], 6),
          operator(3, [2, 4, 6], 7, { 0: 1, 1: 1, 2: 1, 3: 1 }),
        ],
      },
    ],
    4: [
      {},
      { 0: bytesOf(Int32Array.of(0, 0, 1, 0, 0, 0, 0, 0)) },
      { 0: bytesOf(Float32Array.of(5, 7)) },
      { 0: bytesOf(Uint16Array.of(float16Bits(0.5), float16Bits(-20))) },
    ],
  });
}

describe('readTflite', () => {
  it('reads sparse and float16 weights, paddings and convolutions', async () => {
    const graph = readTflite(file(3));
    expect(graph.nodes.map(({ op }) => op).filter((op) => op !== 'Const')).toEqual([
      'Placeholder',
      'Pad',
      '_FusedConv2D',
    ]);
    const model = await tf.loadGraphModel(tf.io.fromMemory(writeGraph(graph)));
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 1, 2]);
    const y = model.predict(x) as tf.Tensor;
    expect([...(await y.data())]).toEqual([0.5, 0, 10.5, 0, 20.5, 1]); // relu([5 * x1 + 0.5, 7 * x0 - 20])
    tf.dispose([x, y]);
    model.dispose();
  });

  it('refuses an operator that it does not know', () => {
    expect(() => readTflite(file(99))).toThrowError(
      RangeError,
      /^readTflite: operators must be of the codes .*, got 99$/,
    );
  });
});
