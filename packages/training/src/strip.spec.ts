import { memory, relu, serialization, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as functionalModel, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { magnitudePruning } from './methods/magnitude-pruning.js';
import { nmPruning } from './methods/nm-pruning.js';
import { sparsitySummary } from './model/sparsity-summary.js';
import { constantSchedule } from './schedules/sparsity-schedule.js';
import { Sparsifier } from './sparsifier.js';
import { strip, type Replace } from './strip.js';
import { convolutionModel, denseModel, makeData, weightsOf, zeros } from './training-fixture.spec.js';

/** Stands for a plugin's layer: a dense layer of another class. */
class OtherDense extends layers.Layer {
  static className = 'OtherDense';
  readonly inner: ReturnType<typeof layers.dense>;

  constructor(readonly args: { units: number; activation: 'relu' | 'softmax'; name?: string }) {
    super(args);
    this.inner = layers.dense({ ...args, name: `${this.name}-inner` });
  }

  override build(shape: [null, number]): void {
    this.inner.build(shape);
    this._trainableWeights = this.inner.trainableWeights;
    this.built = true;
  }

  override call(inputs: Tensor[]): Tensor {
    return this.inner.call(inputs, {}) as Tensor;
  }

  override computeOutputShape([batch]: [null, number]): [null, number] {
    return [batch, this.args.units];
  }

  override getConfig(): serialization.ConfigDict {
    return {
      ...super.getConfig(),
      units: this.args.units,
      activation: this.args.activation,
      unset: undefined as never,
    };
  }
}
serialization.registerClass(OtherDense as never);

const replaceDense: Replace = (layer) => {
  if (layer.getClassName() !== 'Dense') return undefined;
  const { units, activation } = layer.getConfig() as { units: number; activation: 'relu' | 'softmax' };
  return { layer: new OtherDense({ units, activation }), weights: layer.getWeights().map((weight) => weight.clone()) };
};

const half = magnitudePruning({ schedule: constantSchedule(0.5) });

describe('strip', () => {
  it('gives a new Sequential with the replaced layers', async () => {
    const data = makeData(8);
    const model = denseModel();
    const sparsifier = new Sparsifier(model, half);
    await sparsifier.begin();
    const { model: stripped, layers: report } = await sparsifier.strip({ replace: replaceDense });
    expect(stripped.layers.map((layer) => layer.getClassName())).toEqual(['OtherDense', 'OtherDense']);
    expect(stripped.layers.map(({ name }) => name)).toEqual(['hidden', 'output']);
    expect(report[0]).toEqual({ name: 'hidden', weights: 384, kept: 192, sparsity: 0.5, pattern: 'unstructured' });
    expectSameOutputs(stripped, model, data.x);
  });

  it('gives a functional model with a shared layer, two inputs and a model inside', async () => {
    const shared = layers.dense({ units: 4, name: 'shared' });
    const [a, b] = [input({ shape: [8], name: 'a' }), input({ shape: [8], name: 'b' })];
    const inside = sequential({ name: 'inside', layers: [layers.dense({ units: 3, inputShape: [4], name: 'deep' })] });
    const sum = layers.add({ name: 'sum' }).apply([shared.apply(a), shared.apply(b)] as never);
    const model = functionalModel({ inputs: [a, b], outputs: inside.apply(sum) as never, name: 'outer' });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const sparsifier = new Sparsifier(model, half);
    expect(sparsifier.weights.map(({ name }) => name)).toEqual(['shared', 'deep']);
    await sparsifier.begin();
    const { model: stripped } = await sparsifier.strip({ replace: replaceDense });
    expect(stripped.getLayer('shared').getClassName()).toBe('OtherDense');
    const inputs = [makeRows(5, 8, 1), makeRows(5, 8, 2)];
    expectSameOutputs(stripped, model, inputs);
  });

  it('takes a layer that two models inside share once', async () => {
    const shared = layers.dense({ units: 4, inputShape: [8], name: 'shared' });
    const x = input({ shape: [8] });
    const branches = ['left', 'right'].map((name) => sequential({ name, layers: [shared] }).apply(x));
    const model = functionalModel({ inputs: x, outputs: layers.add().apply(branches as never) as never });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const sparsifier = new Sparsifier(model, half);
    expect(sparsifier.weights.map(({ name }) => name)).toEqual(['shared']);
    await sparsifier.begin();
    let replaced = 0;
    const replace: Replace = (layer, mask) => (replaced++, replaceDense(layer, mask));
    const { model: stripped } = await sparsifier.strip({ replace });
    expect(replaced).toBe(1);
    expectSameOutputs(stripped, model, makeRows(5, 8, 1));
  });

  it('keeps layers that are not replaced, with their weights', async () => {
    const data = makeData(8);
    const model = convolutionModel();
    const sparsifier = new Sparsifier(model, half);
    await sparsifier.begin();
    const { model: stripped } = await sparsifier.strip({ replace: replaceDense });
    expect(stripped.getLayer('first').getClassName()).toBe('Conv2D');
    expectSameOutputs(stripped, model, data.x);
  });

  it('returns the model itself, with zeros, when nothing is replaced', async () => {
    const model = denseModel();
    const tensors = memory().numTensors;
    const sparsifier = new Sparsifier(
      model,
      nmPruning({ n: 1, m: 4, blockOutputs: 8, forward: (weight) => weight.clone() }),
    );
    await sparsifier.begin();
    const { model: stripped, layers: report } = await sparsifier.strip();
    expect(stripped).toBe(model);
    expect(report.map(({ pattern }) => pattern)).toEqual(['1:4 x 8', '1:4 x 4']);
    expect(zeros(await weightsOf(model, 'hidden'))).toBe(0.75 * 16 * 24);
    expect(memory().numTensors).toBe(tensors);
  });

  it('works on a model whose kernels hold zeros, and on one without', async () => {
    const data = makeData(8);
    const model = denseModel();
    expect((await strip(model, { replace: replaceDense })).model).toBe(model);
    const [kernel, bias] = model.getLayer('hidden').getWeights();
    model.getLayer('hidden').setWeights([relu(kernel), bias]);
    expect((await sparsitySummary(model)).map(({ pattern }) => pattern)).toEqual(['unstructured', 'dense']);
    const { model: stripped } = await strip(model, { replace: replaceDense });
    expect(stripped.layers.map((layer) => layer.getClassName())).toEqual(['OtherDense', 'Dense']);
    expectSameOutputs(stripped, model, data.x);
  });
});

function expectSameOutputs(actual: LayersModel, expected: LayersModel, inputs: Tensor | Tensor[]): void {
  expect((actual.predict(inputs) as Tensor).dataSync()).toEqual((expected.predict(inputs) as Tensor).dataSync());
}

function makeRows(rows: number, columns: number, seed: number): Tensor {
  return tensor(
    Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * seed + seed)),
    [rows, columns],
  );
}
