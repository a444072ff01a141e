import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import {
  bytesSource,
  elementValues,
  loadTorchWeights,
  PickleDict,
  PickleList,
  readCheckpoint,
  StoredTensor,
  type PickleValue,
} from '@tfjs-sparse/converter/checkpoints';
import { siteBatchNorm, sparseTensor } from '@tfjs-sparse/core';
import { sparseConvRules } from './convert.js';
import { filterOfEngine } from './filter-of-engine.js';
import * as ops from '../index.js';
import { SparseBatchNormalization, SubmConv3D } from '../layers.js';

const foreign = fileURLToPath(new URL('../../../../../shared/data/checkpoints/', import.meta.url));
const synthetic = new URL('../../../../packages/converter/golden/torch/', import.meta.url);

async function opened(path: string | URL) {
  const bytes = new Uint8Array(readFileSync(path));
  return readCheckpoint(bytesSource(String(path), bytes));
}

/** A value behind keys of dicts and indices of lists. */
function at(value: PickleValue, ...path: readonly (string | number)[]): PickleValue {
  return path.reduce<PickleValue>((from, key) => {
    if (from instanceof PickleList) return from.items[key as number];
    if (from instanceof PickleDict) return from.get(key) ?? null;
    throw new Error(`no ${key} in a value that is no container`);
  }, value);
}

async function read(value: PickleValue): Promise<{ shape: readonly number[]; values: Float32Array }> {
  if (!(value instanceof StoredTensor)) throw new Error('no tensor');
  const values = elementValues(await value.bytes(), value.dtype) as ArrayLike<number>;
  return { shape: value.shape, values: Float32Array.from(values) };
}

function expectNear(found: ArrayLike<number>, expected: ArrayLike<number>, name: string): void {
  expect(found.length).withContext(name).toBe(expected.length);
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const error = Array.from(expected).reduce((most, value, i) => Math.max(most, Math.abs(value - found[i])), 0);
  expect(error / largest)
    .withContext(name)
    .toBeLessThan(1e-5);
}

describe('loadTorchWeights with sparseConvRules', () => {
  it('gives layers the kernels and normalizations of torchsparse', async () => {
    const checkpoint = await opened(new URL('torchsparse_minkunet_like.pt', synthetic));
    const features = tf.input({ shape: [4] });
    const coords = tf.input({ shape: [4], dtype: 'int32' });
    const convolution = new SubmConv3D({ filters: 8, kernelSize: 3, useBias: false });
    const normalization = new SparseBatchNormalization({ epsilon: 1e-5 });
    const x = convolution.apply([features, coords]) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [features, coords], outputs: normalization.apply(x) as tf.SymbolicTensor });
    const { pairings } = await loadTorchWeights(model, checkpoint, {
      rules: [sparseConvRules({ engine: 'torchsparse' })],
    });
    expect(pairings.map(({ module }) => module)).toEqual(['stem.0', 'stem.1']);
    const { shape, values } = await read(at(checkpoint.value, 'state_dict', 'stem.0.kernel'));
    const expected = filterOfEngine('torchsparse', { shape, values }, [3, 3, 3]).values;
    expect([...(await convolution.getWeights()[0].data())]).toEqual([...expected]);
    const variance = await read(at(checkpoint.value, 'state_dict', 'stem.1.running_var'));
    expect([...(await normalization.getWeights()[3].data())]).toEqual([...variance.values]);
    model.dispose();
  });

  it('says where a weight is not of the engine', async () => {
    const checkpoint = await opened(new URL('torchsparse_minkunet_like.pt', synthetic));
    const features = tf.input({ shape: [4] });
    const coords = tf.input({ shape: [4], dtype: 'int32' });
    const layer = new SubmConv3D({ filters: 8, kernelSize: 3, useBias: false });
    const model = tf.model({
      inputs: [features, coords],
      outputs: layer.apply([features, coords]) as tf.SymbolicTensor,
    });
    await expectAsync(
      loadTorchWeights(model, checkpoint, { rules: [sparseConvRules({ engine: 'spconv2' })] }),
    ).toBeRejectedWithError(RangeError, /stem\.0: filterOfEngine: weight must be \[out, \.\.\.kernel, in\]/);
    model.dispose();
  });
});

describe('results of spconv 2.3.8 on a GPU (spconv-triton, golden_misc and golden_proto)', () => {
  const file = `${foreign}spconv_triton_golden_misc.pt`;
  if (!existsSync(file)) {
    it('are compared where they are', () => pending('no folder shared/data/checkpoints'));
    return;
  }
  const casesOf = async (name: string, id: string) => {
    const { value } = await opened(`${foreign}spconv_triton_golden_${name}.pt`);
    const cases = at(value, 'cases') as PickleList;
    return cases.items.find((each) => at(each, 'id') === id)!;
  };
  const inputOf = async (of: PickleValue) => {
    const [features, indices] = [await read(at(of, 'input', 'features')), await read(at(of, 'input', 'indices'))];
    const spatialShape = (at(of, 'input', 'spatial_shape') as PickleList).items.map(Number);
    const rank = spatialShape.length;
    const rows = Array.from({ length: features.shape[0] }, (_, row) => [
      ...indices.values.subarray(row * (1 + rank), (row + 1) * (1 + rank)),
    ]);
    const options = { batchSize: Number(at(of, 'input', 'batch_size')), spatialShape };
    return sparseTensor(tf.tensor2d(features.values, features.shape as [number, number]), rows, options);
  };
  const filterOf = async (layer: PickleValue, kernelSize: number[]) => {
    const { shape, values } = filterOfEngine('spconv2', await read(at(layer, 'params', 'weight')), kernelSize);
    return tf.tensor3d(values, shape as [number, number, number]);
  };

  it('come out of converted layers in training, with all gradients', async () => {
    const of = await casesOf('misc', 'seq2d_mixed');
    const layers = at(of, 'layers', 0, 'children') as PickleList;
    const x = await inputOf(of);
    const vector = async (layer: number, name: string) =>
      tf.tensor1d((await read(at(layers, layer, 'params', name))).values);
    const parameters = [
      x.features,
      await filterOf(layers.items[0], [3, 3]),
      await vector(1, 'weight'),
      await vector(1, 'bias'),
      await filterOf(layers.items[3], [3, 3]),
      await vector(3, 'bias'),
    ];
    const run = (...[features, first, scale, offset, second, bias]: tf.Tensor[]) => {
      const y = ops.submConv(x.withFeatures(features as tf.Tensor2D), first as tf.Tensor3D, { kernelSize: 3 });
      const normal = siteBatchNorm(y.features, scale as tf.Tensor1D, offset as tf.Tensor1D, 1e-5).y;
      const options = { kernelSize: 3, strides: 2, padding: 1, bias: bias as tf.Tensor1D };
      return ops.sparseConv(y.withFeatures(tf.relu(normal)), second as tf.Tensor3D, options);
    };
    const expected = await read(at(of, 'expect', 'out_features'));
    const found = run(...parameters);
    expectNear(await found.features.data(), expected.values, 'out_features');
    const indices = await read(at(of, 'expect', 'out_indices'));
    expect([...found.map.coordinates]).toEqual([...indices.values]); // canonical: ascending, as here
    const cotangent = await read(at(of, 'expect', 'grad_out'));
    const dy = tf.tensor2d(cotangent.values, cotangent.shape as [number, number]);
    const gradients = tf.grads((...given) => run(...given).features)(parameters, dy);
    const ofFilter = async (name: string) =>
      filterOfEngine('spconv2', await read(at(of, 'expect', 'grad_params', name, 'grad')), [3, 3]).values;
    const plain = async (name: string) => (await read(at(of, 'expect', 'grad_params', name, 'grad'))).values;
    const wanted = [
      (await read(at(of, 'expect', 'grad_input'))).values,
      await ofFilter('0.0.weight'),
      await plain('0.1.weight'),
      await plain('0.1.bias'),
      await ofFilter('0.3.weight'),
      await plain('0.3.bias'),
    ];
    for (const [i, gradient] of gradients.entries()) expectNear(await gradient.data(), wanted[i], `gradient ${i}`);
  });

  for (const [id, kind] of [
    ['tables_jointable', 'concat'],
    ['tables_addtable', 'add'],
  ] as const) {
    it(`come out of two branches (${id})`, async () => {
      const of = await casesOf('misc', id);
      const x = await inputOf(of);
      const branches = await Promise.all(
        [0, 1].map(async (branch) => {
          const filter = await filterOf(at(of, 'branch_specs', branch), [3, 3]);
          return ops.submConv(x, filter, { kernelSize: 3 }).features;
        }),
      );
      const y = kind === 'concat' ? tf.concat(branches, 1) : tf.add(branches[0], branches[1]);
      expectNear(await y.data(), (await read(at(of, 'expect', 'out_features'))).values, id);
    });
  }

  it('come out of a layer with a bias (autocast_subm3d)', async () => {
    const of = await casesOf('proto', 'autocast_subm3d');
    const layer = at(of, 'layers', 0);
    const filter = await filterOf(layer, [3, 3, 3]);
    const bias = tf.tensor1d((await read(at(layer, 'params', 'bias'))).values);
    const y = ops.submConv(await inputOf(of), filter, { kernelSize: 3, bias });
    expectNear(await y.features.data(), (await read(at(of, 'expect', 'out_features'))).values, 'out_features');
  });
});
