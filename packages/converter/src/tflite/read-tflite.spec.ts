import * as tf from '@tensorflow/tfjs';
import { float16Bits, seededRandom } from '@tfjs-sparse/core';
import { FormatError } from '../format-error.js';
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
  const rows = { 0: numbers(0, 1, 2, 3), 2: [{ 0: 0, 1: 2 }, { 0: 0, 1: 1 }, { 0: 0, 1: 1 }, last] };
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

/** One operator on an image of shape `x`, with constants behind it; its output has the shape `y`. */
interface OneOperator {
  readonly code: number;
  readonly x: number[];
  readonly y: number[];
  readonly options?: FlatRecord;
  readonly constants?: readonly { shape: number[]; values: Float32Array | Int32Array }[];
  /** Tensors that the operator reads; default the image and all constants. */
  readonly inputs?: number[];
}

function oneOperator({ code, x, y, options, constants = [], inputs }: OneOperator): ArrayBuffer {
  const made = constants.map(({ shape, values }, i) => {
    return tensor(shape, values instanceof Int32Array ? int32 : float32, 1 + i);
  });
  const all = [0, ...constants.map((_, i) => 1 + i)];
  return flatBuffer({
    1: [{ 0: code, 3: code }],
    2: [
      {
        0: [tensor(x, float32, 0), ...made, tensor(y, float32, 0)],
        1: numbers(0),
        2: numbers(1 + constants.length),
        3: [operator(0, inputs ?? all, 1 + constants.length, options)],
      },
    ],
    4: [{}, ...constants.map(({ values }) => ({ 0: bytesOf(values) }))],
  });
}

async function run(file: ArrayBuffer, shape: number[], values: number[]): Promise<number[]> {
  const model = await tf.loadGraphModel(tf.io.fromMemory(writeGraph(readTflite(file))));
  const x = tf.tensor(values, shape);
  const y = model.predict(x) as tf.Tensor;
  const result = [...(await y.data())];
  tf.dispose([x, y]);
  model.dispose();
  return result;
}

const floats = (shape: number[], ...values: number[]) => ({ shape, values: Float32Array.from(values) });
const taps = floats([1, 1, 2, 1], 1, 10); // one filter of two columns
const row = { code: 3, x: [1, 1, 5, 1], constants: [taps] };
const valid = 1; // padding

describe('readTflite', () => {
  const operators: [string, OneOperator, number[], number[]][] = [
    ['a convolution without a bias', { ...row, y: [1, 1, 4, 1], options: { 0: valid, 1: 1, 2: 1 } }, [1, 2, 3, 4, 5], [21, 32, 43, 54]],
    ['an absent bias', { ...row, y: [1, 1, 4, 1], options: { 0: valid, 1: 1, 2: 1 }, inputs: [0, 1, -1] }, [1, 2, 3, 4, 5], [21, 32, 43, 54]],
    ['strides of width and height', { ...row, y: [1, 1, 2, 1], options: { 0: valid, 1: 2, 2: 1 } }, [1, 2, 3, 4, 5], [21, 43]],
    ['a dilated convolution', { ...row, y: [1, 1, 3, 1], options: { 0: valid, 1: 1, 2: 1, 4: 2, 5: 1 } }, [1, 2, 3, 4, 5], [31, 42, 53]],
    ['a convolution with strides and dilations', { ...row, y: [1, 1, 2, 1], options: { 0: valid, 1: 2, 2: 1, 4: 2, 5: 1 } }, [1, 2, 3, 4, 5], [31, 53]],
    [
      'a depthwise convolution with two outputs per channel, dilated',
      { code: 4, x: [1, 1, 3, 1], y: [1, 1, 1, 2], constants: [floats([1, 1, 2, 2], 1, 10, 100, 1000), floats([2], 0.5, -5000)], options: { 0: valid, 1: 1, 2: 1, 3: 2, 4: 3, 5: 2, 6: 1 } },
      [1, 2, 3],
      [6, 0], // relu6 of 301.5 and of -1990
    ],
    ['an addition with an activation', { code: 0, x: [1, 3], y: [1, 3], constants: [floats([3], 1, 1, -9)], options: { 0: 1 } }, [1, -3, 4], [2, 0, 0]],
    ['depth to space', { code: 5, x: [1, 1, 2, 4], y: [1, 2, 4, 1], options: { 0: 2 } }, [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 5, 6, 3, 4, 7, 8]],
    ['depth to space of two images', { code: 5, x: [2, 1, 1, 4], y: [2, 2, 2, 1], options: { 0: 2 } }, [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8]],
    ['a reshape', { code: 22, x: [1, 2, 2, 1], y: [1, 4] }, [1, 2, 3, 4], [1, 2, 3, 4]],
    ['a bilinear resize', { code: 23, x: [1, 1, 2, 1], y: [1, 1, 4, 1], constants: [{ shape: [2], values: Int32Array.of(1, 4) }], options: { 3: 1 } }, [0, 4], [0, 1, 3, 4]],
  ]; // prettier-ignore
  for (const [what, file, values, wanted] of operators) {
    it(`reads ${what}`, async () => expect(await run(oneOperator(file), file.x, values)).toEqual(wanted));
  }

  const sparse = (rows: FlatRecord): FlatRecord => ({ ...tensor([2, 2], float32, 1), 6: rows });
  const densify = (rows: FlatRecord) =>
    flatBuffer({
      1: [{ 0: 124, 3: 124 }],
      2: [{ 0: [tensor([1, 1], float32, 0), sparse(rows), tensor([2, 2], float32, 0)], 1: numbers(0), 2: numbers(2), 3: [operator(0, [1], 2)] }],
      4: [{}, { 0: bytesOf(Float32Array.of(5, 7)) }],
    }); // prettier-ignore
  const rowsOf = (segments: number[], columns: number[], more: FlatRecord = {}): FlatRecord => ({
    0: numbers(0, 1),
    2: [
      { 0: 0, 1: 2 },
      { 0: 1, 2: 1, 3: { 0: numbers(...segments) }, 4: 1, 5: { 0: numbers(...columns) } },
    ],
    ...more,
  });
  const refused: [string, () => ArrayBuffer, RegExp][] = [
    ['an activation that is none', () => oneOperator({ ...row, y: [1, 1, 4, 1], options: { 0: valid, 1: 1, 2: 1, 3: 5 } }), /CONV_2D must have an activation of the codes 0 to 4, got 5/],
    ['depth to space whose block does not fit', () => oneOperator({ code: 5, x: [1, 1, 2, 6], y: [1, 2, 4, 1], options: { 0: 2 } }), /a block whose square divides the 6 channels, got 2/],
    ['a stride of 0', () => oneOperator({ ...row, y: [1, 1, 4, 1], options: { 0: valid, 1: 0, 2: 1 } }), /strides of CONV_2D must be at least 1, got \[1, 0\]/],
    ['a negative dilation', () => oneOperator({ ...row, y: [1, 1, 4, 1], options: { 0: valid, 1: 1, 2: 1, 4: -1 } }), /dilations of CONV_2D must be at least 1, got \[1, -1\]/],
    ['dilations that would make a filter of millions', () => oneOperator({ ...row, y: [1, 1, 3, 1], options: { 1: 2, 2: 1, 4: 2 ** 20 } }), /a filter with dilations must have at most 262144 elements, got 2097152/],
    ['outputs that channels do not divide', () => oneOperator({ code: 4, x: [1, 1, 3, 2], y: [1, 1, 1, 3], constants: [floats([1, 1, 2, 3], 1, 2, 3, 4, 5, 6)], options: { 0: valid, 1: 1, 2: 1, 3: 2 } }), /outputs of DEPTHWISE_CONV_2D must be a multiple of its 2 channels, got 3/],
    ['a filter of another rank', () => oneOperator({ ...row, constants: [floats([2], 1, 10)], y: [1, 1, 4, 1], options: { 0: valid, 1: 1, 2: 1 } }), /the filter of CONV_2D must have 4 axes, got 1/],
    ['a constant that is shorter than its shape', () => oneOperator({ ...row, constants: [floats([1, 1, 3, 1], 1, 10)], y: [1, 1, 4, 1], options: { 0: valid, 1: 1, 2: 1 } }), /a constant must have 12 bytes \(float32 \[1,1,3,1\]\), got 8/],
    ['a block of an axis that is none', () => densify(rowsOf([0, 1, 2], [0, 1], { 1: numbers(1) })), /the order of traversal must name each of 3 dimensions once/],
    ['a column beyond the row', () => densify(rowsOf([0, 1, 2], [0, 2])), /indices must ascend below 2, got 2/],
    ['a column twice', () => densify(rowsOf([0, 2, 2], [1, 1])), /indices must ascend below 2, got 1/],
    ['segments that do not ascend', () => densify(rowsOf([0, 3, 2], [0, 1])), /segments must be 3 and ascend from 0 to 2, got \[0, 3\]/],
    ['segments of another number of rows', () => densify(rowsOf([0, 2], [0, 1])), /segments must be 3 and ascend from 0 to 2, got 2 from 0 to 2/],
    ['a file that ends early', () => file(3).slice(0, 300), /must be a whole TFLite model, got 300 bytes that refer to others$/],
    ['an empty file', () => new ArrayBuffer(0), /must have at least 8 bytes, got 0/],
  ]; // prettier-ignore
  for (const [what, make, message] of refused) {
    it(`refuses ${what}`, () => expect(() => readTflite(make())).toThrowError(RangeError, message));
  }

  it('reads sparse and float16 weights, paddings and convolutions', async () => {
    const graph = readTflite(file(3));
    expect(graph.nodes.map(({ op }) => op).filter((op) => op !== 'Const')).toEqual([
      'Placeholder',
      'Pad',
      '_FusedConv2D',
      'Identity',
    ]);
    const model = await tf.loadGraphModel(tf.io.fromMemory(writeGraph(graph)));
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 1, 2]);
    const y = model.predict(x) as tf.Tensor;
    expect([...(await y.data())]).toEqual([0.5, 0, 10.5, 0, 20.5, 1]); // relu([5 * x1 + 0.5, 7 * x0 - 20])
    tf.dispose([x, y]);
    model.dispose();
  });

  it('ends with a graph or a RangeError whatever a file holds', () => {
    const whole = new Uint8Array(file(3));
    const random = seededRandom(1);
    for (let trial = 0; trial < 3000; trial++) {
      const broken = whole.slice(0, random() < 0.7 ? whole.length : Math.floor(random() * whole.length));
      for (let count = 1 + Math.floor(4 * random()); count > 0; count--) {
        broken[Math.floor(random() * broken.length)] = Math.floor(random() * 256);
      }
      try {
        readTflite(broken.buffer);
      } catch (error) {
        expect(error).withContext(`${trial}`).toBeInstanceOf(RangeError);
        expect((error as Error).message).toMatch(/^readTflite: .* must .*, got /);
      }
    }
  });

  it('names all operators that it does not know, and where they are', () => {
    const [loop, own] = [119, 32]; // WHILE, CUSTOM
    const text = (value: string) => new TextEncoder().encode(value);
    const made = (name: string) => ({ ...tensor([1], float32, 0), 3: text(name) });
    const unknown = flatBuffer({
      1: [{ 0: loop, 3: loop }, { 0: own, 1: text('Boxes'), 3: own }],
      2: [{ 0: ['x', 'steps', 'boxes', 'more'].map(made), 1: numbers(0), 2: numbers(3), 3: [operator(0, [0], 1), operator(1, [1], 2), operator(1, [2], 3)] }],
      4: [{}],
    }); // prettier-ignore
    const message = 'readTflite: operators must be covered, got WHILE (steps), CUSTOM Boxes (boxes, more)';
    expect(() => readTflite(unknown)).toThrowError(FormatError, message);
  });
});
