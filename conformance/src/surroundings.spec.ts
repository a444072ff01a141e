import * as tf from '@tensorflow/tfjs-core';
import { readSafetensors } from '@tfjs-sparse/core';
import { submConv } from '../cases/subm-conv.js';
import type { CaseSource } from '../oracle/case-source.js';
import { goldenBytes } from '../oracle/golden-bytes.js';
import { oracleOps } from '../oracle/oracle-ops.js';
import { goldenCases, type GoldenCase } from './golden-file.js';
import type { SparseOps } from './ops.js';
import { runCase } from './run-case.js';
import { surround } from './surroundings.js';

/** What these specs use of tfjs' wasm backend. */
interface WasmBackend extends tf.KernelBackend {
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: string): tf.TensorInfo;
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

  const definition = submConv.cases.filter(({ id }) => id === 'subm-conv/k3');
  const [golden] = goldenCases(readSafetensors(goldenBytes(definition)), '');

  it('leaves no tensor and no problem when nothing happened', async () => {
    const before = tf.memory().numTensors;
    const surroundings = surround([24, 72, 0]);
    expect(await surroundings.release()).toBeNull();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('catches a write beside the output', async () => {
    const result = await runCase(
      golden,
      changed((y) => overwriteSentinelBehind(y)),
    );
    expect(result.reason).toMatch(/values beside the output was overwritten at \d+: 1/);
  });

  it('catches an output that is one element too short', async () => {
    const result = await runCase(
      scaled(3),
      changed((y) => withoutLastElement(y)),
    );
    expect(result.reason).toMatch(/^out_features: (wrong|off by .*) at site/);
  });

  /** The case with numbers of its own: memory that an earlier run has left must not hold the right ones by chance. */
  function scaled(factor: number): GoldenCase {
    const build = () => {
      const source = definition[0].build() as CaseSource;
      const features = source.features!.map((row) => row.map((value) => Math.fround(value * factor)));
      return { ...source, features };
    };
    return goldenCases(readSafetensors(goldenBytes([{ id: golden.id, build }])), '')[0];
  }

  function changed(change: (y: tf.Tensor2D) => tf.Tensor2D): SparseOps {
    return {
      ...oracleOps,
      submConv(x, filter, options) {
        const { features, map } = oracleOps.submConv(x, filter, options);
        const gradFunc = (dy: tf.Tensor) => dy;
        return { features: tf.customGrad((y) => ({ value: change(y as tf.Tensor2D), gradFunc }))(features), map };
      },
    };
  }
});

/** A stray write: 1 into the first sentinel behind the values of `y`. */
function overwriteSentinelBehind(y: tf.Tensor2D): tf.Tensor2D {
  const { dataIdMap, wasm } = tf.backend() as WasmBackend;
  const end = dataIdMap.get(y.dataId).memoryOffset / 4 + y.size;
  const sentinel = wasm.HEAPF32.indexOf(7.25, end);
  wasm.HEAPF32[sentinel] = 1;
  return tf.clone(y);
}

/** A copy in memory as it was found, with every element written but the last. */
function withoutLastElement(y: tf.Tensor2D): tf.Tensor2D {
  const backend = tf.backend() as WasmBackend;
  const values = y.dataSync();
  const output = backend.makeOutput(y.shape, 'float32');
  const offset = backend.dataIdMap.get(output.dataId).memoryOffset / 4;
  backend.wasm.HEAPF32.set(values.subarray(0, -1), offset);
  return tf.engine().makeTensorFromTensorInfo(output) as tf.Tensor2D;
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
