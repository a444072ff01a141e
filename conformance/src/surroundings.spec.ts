import * as tf from '@tensorflow/tfjs-core';
import { readSafetensors, sparseTensor } from '@tfjs-sparse/core';
import { operation, submanifoldLayers } from '../cases/sparse-conv/subm-conv.js';
import type { CaseSource } from '../oracle/case-source.js';
import { goldenBytes } from '../oracle/golden-bytes.js';
import { oracleSubmConv } from '../oracle/oracle-conv.js';
import { goldenCases, type GoldenCase } from './golden-file.js';
import type { Operations } from './operations.js';
import { runCase } from './run-case.js';
import { surround } from './surroundings.js';
import { changed as changedOutputs, goldenOf, largest, largestSource, operationsOf } from './tensor-fixture.spec.js';

/** What these specs use of tfjs' wasm backend. */
interface WasmBackend extends tf.KernelBackend {
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  readonly wasm: { readonly HEAPF32: Float32Array };
}

/** What these specs use of tfjs' webgpu backend. */
interface WebgpuBackend extends tf.KernelBackend {
  uploadToGPU(dataId: object): void;
  makeTensorInfo(shape: number[], dtype: 'float32'): tf.TensorInfo;
}

describe('surround', () => {
  beforeAll(() => tf.setBackend('wasm'));
  afterAll(() => tf.setBackend('cpu'));

  const definition = operation.cases.filter(({ id }) => id === 'subm-conv/k3');
  const [golden] = goldenCases(readSafetensors(goldenBytes(definition, operation.layers)), '');

  it('leaves no tensor and no problem when nothing happened', async () => {
    const before = tf.memory().numTensors;
    const surroundings = surround([24, 72, 0]);
    expect(await surroundings.release()).toBeNull();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('catches a write beside the output', async () => {
    const result = await runCase(golden, changed(overwriteSentinelBehind));
    expect(result.reason).toMatch(/values beside the output was overwritten at \d+: 1/);
  });

  it('catches an output that is one element too short', async () => {
    const result = await runCase(
      scaled(3),
      changed((y) => withoutLastElement(y)),
    );
    expect(result.reason).toMatch(/^out_features: (wrong|off by .*) at site/);
  });

  it('catches a write beside the int32 one of two outputs', async () => {
    const wrong = changedOutputs(largest, (y) => ({ ...y, columns: overwriteSentinelBehind(y.columns) }));
    const result = await runCase(goldenOf(largestSource, largest), operationsOf(wrong));
    expect(result.reason).toMatch(/values beside the output was overwritten at \d+: 1/);
  });

  it('catches an int32 output that is one element too short', async () => {
    const shift = { shape: [], values: [12345], dtype: 'int32' as const }; // which no earlier run has left in memory
    const source = { ...largestSource, inputs: { ...largestSource.inputs, shift } };
    const wrong = changedOutputs(largest, (y) => ({ ...y, columns: withoutLastElement(y.columns) }));
    const result = await runCase(goldenOf(source, largest), operationsOf(wrong));
    expect(result.reason).toMatch(/^out_columns: 1 of 4 wrong, first at \[3\]: must be 1234\d, got/);
  });

  /** The case with numbers of its own: memory that an earlier run has left must not hold the right ones by chance. */
  function scaled(factor: number): GoldenCase {
    const build = () => {
      const source = definition[0].build() as CaseSource;
      const features = source.features!.map((row) => row.map((value) => Math.fround(value * factor)));
      return { ...source, features };
    };
    return goldenCases(readSafetensors(goldenBytes([{ id: golden.id, build }], operation.layers)), '')[0];
  }

  function changed(change: (y: tf.Tensor2D) => tf.Tensor2D): Operations {
    const layers = submanifoldLayers((...call) => {
      const y = oracleSubmConv(...call);
      const gradFunc = (dy: tf.Tensor) => dy;
      const spoil = tf.customGrad((features) => ({ value: change(features as tf.Tensor2D), gradFunc }));
      return y.withFeatures(spoil(y.features) as tf.Tensor2D);
    });
    return { makeSites: sparseTensor, layers, tensorOperations: [] };
  }
});

/** A stray write: 1 into the first sentinel behind the values of `y`. */
function overwriteSentinelBehind<T extends tf.Tensor>(y: T): T {
  const { dataIdMap, wasm } = tf.backend() as WasmBackend;
  const end = dataIdMap.get(y.dataId).memoryOffset / 4 + y.size;
  // All of them: the first may be one that an earlier run has left.
  for (let at = wasm.HEAPF32.indexOf(7.25, end); at >= 0; at = wasm.HEAPF32.indexOf(7.25, at + 1)) wasm.HEAPF32[at] = 1;
  return tf.clone(y);
}

/** A copy in memory as it was found, with every element written but the last. */
function withoutLastElement<T extends tf.Tensor>(y: T): T {
  const backend = tf.backend() as WasmBackend;
  const values = y.dataSync();
  const output = backend.makeOutput(y.shape, y.dtype);
  const offset = backend.dataIdMap.get(output.dataId).memoryOffset / 4;
  const floats = backend.wasm.HEAPF32;
  const memory = y.dtype === 'int32' ? new Int32Array(floats.buffer) : floats;
  memory.set(values.subarray(0, -1), offset);
  return tf.engine().makeTensorFromTensorInfo(output) as T;
}

describe('surround on webgpu', () => {
  let reason: string | null = null;

  beforeAll(async () => {
    const hasAdapter = typeof navigator !== 'undefined' && (await navigator.gpu?.requestAdapter());
    if (!hasAdapter || !(await tf.setBackend('webgpu'))) reason = 'no WebGPU adapter';
  });
  afterAll(() => tf.setBackend('cpu'));

  it('leaves NaN in the buffers that the run gets', async () => {
    if (reason) pending(reason);
    const backend = tf.backend() as WebgpuBackend;
    const surroundings = surround([300]);
    await tf.zeros([1]).data();
    const taken = backend.makeTensorInfo([300], 'float32');
    backend.uploadToGPU(taken.dataId); // takes a buffer from the pool, as it is
    const values = await tf.engine().makeTensorFromTensorInfo(taken).data();
    expect([...values].every(Number.isNaN)).toBe(true);
    expect(await surroundings.release()).toBeNull();
  });
});
