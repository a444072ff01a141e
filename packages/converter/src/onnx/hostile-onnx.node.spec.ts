import { FormatError } from '../format-error.js';
import { bytesSource } from '../bytes/byte-source.js';
import { convertFile } from '../conversion/convert-file.js';
import { onnxGraph } from './onnx-graph.js';
import type { OnnxAttributeMessage, OnnxNodeMessage, OnnxTensorMessage, OnnxValueMessage } from './messages.js';
import { readOnnx, type OnnxModel } from './read-onnx.js';
import { StoredTensor } from '../checkpoint/stored-tensor.js';
import '@tensorflow/tfjs-backend-cpu';

const node = (
  op: string,
  inputs: string[],
  outputs: string[],
  attributes: Partial<OnnxAttributeMessage>[] = [],
): OnnxNodeMessage => ({
  op,
  inputs,
  outputs,
  name: outputs[0],
  metadata: [],
  attributes: attributes.map((each) => ({ floats: [], ints: [], texts: [], ...each })),
});

const value = (name: string, ...sizes: (number | string)[]): OnnxValueMessage => ({
  name,
  type: {
    tensor: {
      type: 1,
      shape: { sizes: sizes.map((size) => (typeof size === 'number' ? { size: BigInt(size) } : { name: size })) },
    },
  },
});

function integers(name: string, ...numbers: (number | bigint)[]): [string, StoredTensor] {
  const bytes = new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer);
  const read = async (start: number, length: number) => bytes.slice(start, start + length);
  const storage = { key: name, location: null, byteLength: bytes.length, isBigEndian: false, read };
  const fields = {
    dtype: 'int64',
    shape: [numbers.length],
    strides: [1],
    storageOffset: 0,
    storage,
    requiresGrad: null,
  } as const;
  return [name, new StoredTensor('test', fields)];
}

/** A model of an input x `[2, 3]` and an output y. */
function model(
  nodes: OnnxNodeMessage[],
  weights: [string, StoredTensor][] = [],
  inputs = [value('x', 2, 3)],
): OnnxModel {
  return {
    irVersion: 9,
    producer: '',
    opsets: new Map([['', 18]]),
    graph: { nodes, initializers: [], sparseInitializers: [], inputs, outputs: [value('y')] },
    weights: new Map(weights),
    metadata: new Map(),
    tensorOf: (message: OnnxTensorMessage) => Promise.reject(new FormatError(`no tensor, got ${message.name}`)),
  };
}

async function refused(message: RegExp, ...given: Parameters<typeof model>) {
  const start = performance.now();
  await expectAsync(onnxGraph(model(...given)))
    .withContext(given[0].map(({ op }) => op).join())
    .toBeRejectedWithError(FormatError, message);
  expect(performance.now() - start).toBeLessThan(5000);
}

describe('a network of ONNX that is hostile', () => {
  it('may not read what nobody gives, itself, or give a name twice', async () => {
    await refused(/ghost/, [node('Relu', ['ghost'], ['y'])]);
    await refused(/\by\b/, [node('Add', ['x', 'y'], ['y'])]);
    await refused(/\bb\b/, [node('Relu', ['b'], ['a']), node('Relu', ['a'], ['b']), node('Add', ['a', 'b'], ['y'])]);
    await refused(/\by\b/, [node('Relu', ['x'], ['z'])]);
  });

  it('may not ask for tensors that do not fit in memory', async () => {
    await refused(/./, [node('ConstantOfShape', ['shape'], ['y'])], [integers('shape', 2 ** 20, 2 ** 20)]);
    await refused(/./, [node('Tile', ['x', 'repeats'], ['y'])], [integers('repeats', -1, 2)]);
    await refused(
      /./,
      [node('Range', ['a', 'b', 'c'], ['y'])],
      [integers('a', 0), integers('b', 2 ** 40), integers('c', 1)],
    );
    await refused(/./, [node('OneHot', ['x', 'depth', 'x'], ['y'])], [integers('depth', 2 ** 40)]);
  });

  it('may not have shapes that are none', async () => {
    await refused(/./, [node('Reshape', ['x', 'shape'], ['y'])], [integers('shape', 7, -1)]);
    await refused(/./, [node('Reshape', ['x', 'shape'], ['y'])], [integers('shape', -1, -1)]);
    await refused(/./, [node('Transpose', ['x'], ['y'], [{ name: 'perm', ints: [0n, 0n] }])]);
    await refused(/./, [node('Concat', ['x', 'x'], ['y'], [{ name: 'axis', int: 9n }])]);
    await refused(/./, [node('MatMul', ['x', 'x'], ['y'])]);
    await refused(/at most 8 axes/, [node('Relu', ['x'], ['y'])], [], [value('x', 1, 1, 1, 1, 1, 1, 1, 1, 1)]);
    await refused(
      /./,
      [node('Split', ['x', 'sizes'], ['y', 'z'], [{ name: 'axis', int: 1n }])],
      [integers('sizes', 2, 2)],
    );
    await refused(/./, [node('Conv', ['x', 'x'], ['y'])]);
  });

  it('may not have attributes of other kinds, and all operators that are not covered are named', async () => {
    await refused(/./, [node('Softmax', ['x'], ['y'], [{ name: 'axis', text: Uint8Array.of(1) }])]);
    await refused(/got Fft \(a\), com\.evil\.Run \(y\)|got Fft \(a\), Run/, [
      node('Fft', ['x'], ['a']),
      { ...node('Run', ['a'], ['y']), domain: 'com.evil' },
    ]);
    await refused(/./, [node('Loop', ['x'], ['y'])]);
  });

  it('may not be a file of another kind, cut, or beside itself', async () => {
    const opened = (bytes: number[]) => readOnnx(bytesSource('m.onnx', Uint8Array.from(bytes)));
    // A field that says it has 2^35 bytes; a group, which protobuf no longer has; a varint of 11 bytes.
    for (const bytes of [
      [58, 255, 255, 255, 255, 127],
      [59, 1],
      [8, ...Array<number>(11).fill(255)],
    ]) {
      await expectAsync(opened(bytes)).toBeRejectedWithError(FormatError);
    }
    const page = new TextEncoder().encode('<!doctype html><title>Log in</title>');
    await expectAsync(convertFile(bytesSource('m.onnx', page))).toBeRejectedWithError(FormatError, /a web page/);
    const pointer = new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n');
    await expectAsync(convertFile(bytesSource('m.onnx', pointer))).toBeRejectedWithError(FormatError, /git lfs pull/);
  });
});
