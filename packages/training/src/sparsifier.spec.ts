import {
  env,
  findBackendFactory,
  losses,
  memory,
  setBackend,
  train,
  type Scalar,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { callbacks, layers, sequential } from '@tensorflow/tfjs-layers';
import { srSte } from './gradients/sr-ste.js';
import { firstGroupBeyond } from './masks/n-of-m.js';
import { iterativeSoftShrinkage } from './methods/iterative-soft-shrinkage.js';
import { magnitudePruning } from './methods/magnitude-pruning.js';
import { nmPruning } from './methods/nm-pruning.js';
import { constantSchedule, polynomialSchedule } from './schedules/sparsity-schedule.js';
import { Sparsifier } from './sparsifier.js';
import { convolutionModel, denseModel, makeData, weightsOf, zeros } from './training-fixture.spec.js';

const schedule = polynomialSchedule({ final: 0.75, begin: 2, end: 12, frequency: 3 });
const fitOptions = { batchSize: 16, epochs: 4, verbose: 0, shuffle: false } as const; // 6 batches an epoch

describe('Sparsifier', () => {
  // tfjs' own fused ops copy what they save for gradients on wasm, which its leak check takes for a leak.
  beforeEach(() => env().set('IS_TEST', false));
  afterEach(async () => {
    env().set('IS_TEST', true);
    await setBackend('cpu');
  });

  for (const backend of ['cpu', 'wasm', 'webgpu'])
    it(`prunes gradually during fit and keeps zeros zero (${backend})`, async () => {
      if (!findBackendFactory(backend) || !(await setBackend(backend))) pending(`no ${backend} backend here`);
      const data = makeData();
      const model = denseModel();
      const sparsifier = new Sparsifier(model, magnitudePruning({ schedule }));
      const sparsities: number[] = [];
      const onBatchEnd = async (): Promise<void> => void sparsities.push(sparsifier.sparsity);
      const history = await model.fit(data.x, data.y, {
        ...fitOptions,
        callbacks: [sparsifier.callback(), { onBatchEnd }],
        validationData: [data.x, data.y],
      });
      expect(sparsities.slice(0, 3)).toEqual([0, 0, 0]);
      expect(sparsities[4]).toBeGreaterThan(0.4); // 0.75 (1 - 0.7^3) after 5 steps
      expect(sparsities.slice(12).every((sparsity) => sparsity === 0.75)).toBe(true);
      expect(zeros(await weightsOf(model, 'hidden'))).toBe(0.75 * 16 * 24);
      expect(zeros(await weightsOf(model, 'output'))).toBe(0.75 * 24 * 4);
      const losses = history.history.loss as number[];
      expect(losses[3]).toBeLessThan(losses[0]);
      expect(losses[3]).toBeGreaterThan(0.1);
      const biases = await model.getLayer('hidden').getWeights()[1].data();
      expect(biases.every((bias) => bias !== 0)).toBe(true);
    });

  it('validates with pruned weights at zero', async () => {
    const data = makeData();
    const model = denseModel();
    const sparsifier = new Sparsifier(model, magnitudePruning({ schedule }));
    const options = { ...fitOptions, validationData: [data.x, data.y] as [Tensor, Tensor] };
    const { history } = await model.fit(data.x, data.y, { ...options, callbacks: sparsifier.callback() });
    const [loss] = model.evaluate(data.x, data.y) as Scalar[];
    expect((history.val_loss as number[])[3]).toBeCloseTo(loss.dataSync()[0], 5);
  });

  it('prunes all layers together', async () => {
    const data = makeData();
    const model = denseModel();
    const sparsifier = new Sparsifier(model, magnitudePruning({ schedule, scope: 'global' }));
    await model.fit(data.x, data.y, { ...fitOptions, callbacks: sparsifier.callback() });
    const pruned = [zeros(await weightsOf(model, 'hidden')), zeros(await weightsOf(model, 'output'))];
    expect(pruned[0] + pruned[1]).toBe(0.75 * (16 * 24 + 24 * 4));
    expect(pruned[1]).not.toBe(0.75 * 24 * 4);
  });

  it('learns with 2 of 4 weights (SR-STE), keeps the dense ones and computes with the masked ones', async () => {
    const data = makeData();
    const model = denseModel();
    const sparsifier = new Sparsifier(model, nmPruning({ n: 2, m: 4, forward: srSte() }));
    const { history } = await model.fit(data.x, data.y, { ...fitOptions, callbacks: [sparsifier.callback()] });
    expect((history.loss as number[])[3]).toBeLessThan((history.loss as number[])[0]);
    expect(sparsifier.sparsity).toBe(0.5);
    expect(zeros(await weightsOf(model, 'hidden'))).toBe(0);
    const [hidden] = sparsifier.weights;
    expect(firstGroupBeyond(hidden.mask!, hidden.layout, { n: 2, m: 4 })).toBeUndefined();
    const before = (model.predict(data.x) as Tensor).dataSync();
    sparsifier.weights.forEach((weight) => weight.applyMask());
    expect((model.predict(data.x) as Tensor).dataSync()).toEqual(before);
    sparsifier.dispose();
    expect((model.predict(data.x) as Tensor).dataSync()).toEqual(before);
  });

  it('computes with masked weights in every step of a recurrent layer', async () => {
    const data = makeData(32);
    const model = sequential({
      layers: [
        layers.reshape({ inputShape: [16], targetShape: [2, 8] }),
        layers.simpleRNN({ units: 4, name: 'recurrent', activation: 'softmax' }),
      ],
    });
    model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
    const sparsifier = new Sparsifier(model, nmPruning({ n: 1, m: 4, forward: srSte() }));
    await model.fit(data.x, data.y, { verbose: 0, callbacks: sparsifier.callback() });
    const before = (model.predict(data.x) as Tensor).dataSync();
    const { layers: report } = await sparsifier.strip();
    expect(report.map(({ name, pattern }) => [name, pattern])).toEqual([['recurrent', '1:4']]);
    expect(zeros(await weightsOf(model, 'recurrent'))).toBe(24);
    expect((model.predict(data.x) as Tensor).dataSync()).toEqual(before);
  });

  it('serves loops of one’s own, leaves depthwise filters dense and leaks nothing', async () => {
    const data = makeData();
    const model = convolutionModel();
    const optimizer = train.adam(0.01);
    const loss = (): Scalar => losses.meanSquaredError(data.y, model.apply(data.x, { training: true }) as Tensor);
    const variables = model.trainableWeights.map((weight) => weight.read());
    optimizer.minimize(loss, false, variables as never);
    const tensors = memory().numTensors;
    const sparsifier = new Sparsifier(model, magnitudePruning({ schedule }), { optimizer, exclude: ['first'] });
    expect(sparsifier.weights.map(({ name }) => name)).toEqual(['pointwise', 'output']);
    await sparsifier.begin();
    for (let i = 0; i < 14; i++) {
      optimizer.minimize(loss, false, variables as never);
      await sparsifier.step();
    }
    expect(zeros(await weightsOf(model, 'pointwise'))).toBe(36);
    expect(zeros(await weightsOf(model, 'first'))).toBe(0);
    sparsifier.dispose();
    expect(memory().numTensors).toBe(tensors);
    optimizer.minimize(loss, false, variables as never);
    expect(zeros(await weightsOf(model, 'pointwise')))
      .withContext('the optimizer is itself again')
      .toBeLessThan(36);
  });

  it('works in one list with Callback objects of tfjs', async () => {
    const data = makeData(16);
    const model = denseModel();
    const sparsifier = new Sparsifier(model, magnitudePruning({ schedule }));
    const list = [callbacks.earlyStopping({ monitor: 'loss' }), sparsifier.callback()];
    await model.fit(data.x, data.y, { epochs: 2, verbose: 0, callbacks: list as never });
    expect(sparsifier.stepCount).toBe(2);
  });

  it('goes on where an earlier training ended', async () => {
    const model = denseModel();
    const sparsifier = new Sparsifier(model, magnitudePruning({ schedule }), { initialStep: 20 });
    await sparsifier.begin();
    expect(zeros(await weightsOf(model, 'hidden'))).toBe(0.75 * 16 * 24);
  });

  it('shares a model and its optimizer with another Sparsifier', async () => {
    const data = makeData();
    const model = denseModel();
    const first = new Sparsifier(model, magnitudePruning({ schedule }), { include: ['hidden'] });
    const second = new Sparsifier(model, nmPruning({ n: 2, m: 4 }), { exclude: ['hidden'] });
    await model.fit(data.x, data.y, { ...fitOptions, callbacks: [first.callback(), second.callback()] });
    await first.strip();
    await model.fit(data.x, data.y, { ...fitOptions, callbacks: second.callback() });
    await second.strip();
    expect(zeros(await weightsOf(model, 'hidden'))).toBeLessThan(96); // of 288: it trains on as a dense layer
    expect(zeros(await weightsOf(model, 'output'))).toBe(48);
    expect(Object.keys(model.optimizer)).not.toContain('applyGradients');
  });

  const kernelLayers: [string, () => layers.Layer, string[], string[]][] = [
    [
      'both directions of a bidirectional layer',
      () => layers.bidirectional({ layer: layers.lstm({ units: 6 }) as layers.RNN, inputShape: [5, 4], name: 'L' }),
      ['kernel', 'kernel'],
      ['kernel', 'kernel'],
    ],
    [
      'the pointwise part of a separable convolution',
      () => layers.separableConv2d({ filters: 6, kernelSize: 3, inputShape: [6, 6, 4], name: 'L' }),
      ['pointwise_kernel'],
      ['pointwise_kernel'],
    ],
    [
      'a depthwise convolution that is named',
      () => layers.depthwiseConv2d({ kernelSize: 3, inputShape: [6, 6, 4], name: 'L' }),
      [],
      ['depthwise_kernel'],
    ],
    [
      'an embedding that is named',
      () => layers.embedding({ inputDim: 20, outputDim: 8, inputLength: 3, name: 'L' }),
      [],
      ['embeddings'],
    ],
  ];
  for (const [what, make, byDefault, included] of kernelLayers) {
    it(`prunes ${what}`, async () => {
      const model = sequential({ layers: [make()] });
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      const before = model.layers[0].call;
      const half = () => magnitudePruning({ schedule: constantSchedule(0.5) });
      const kindsOf = ({ weights }: Sparsifier) =>
        weights.map(({ variable }) => variable.originalName.split('/').at(-1)!);
      expect(kindsOf(new Sparsifier(model, half()))).toEqual(byDefault);
      const sparsifier = new Sparsifier(model, half(), { include: ['L'] });
      expect(kindsOf(sparsifier)).toEqual(included);
      await sparsifier.begin();
      const summary = sparsifier.summary();
      expect(summary.map(({ sparsity }) => sparsity)).toEqual(included.map(() => 0.5));
      expect(new Set(summary.map(({ name }) => name)).size).toBe(included.length);
      const { model: stripped } = await sparsifier.strip();
      expect(stripped).toBe(model);
      expect(model.layers[0].call).toBe(before);
    });
  }

  it('refuses to include a layer without a kernel', () => {
    const norm = layers.batchNormalization({ inputShape: [16], name: 'norm' });
    const model = sequential({ layers: [norm] });
    expect(() => new Sparsifier(model, magnitudePruning({ schedule }), { include: ['norm'] })).toThrowError(
      RangeError,
      "sparsifier: layer 'norm' must have a weight named kernel, pointwise_kernel, depthwise_kernel, embeddings to be " +
        'included, got [gamma, beta, moving_mean, moving_variance]',
    );
  });

  it('leaves a model without kernels as it is', async () => {
    const data = makeData(16);
    const model = sequential({ layers: [layers.batchNormalization({ inputShape: [16] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const sparsifier = new Sparsifier(model, magnitudePruning({ schedule, scope: 'global' }), { initialStep: 20 });
    await model.fit(data.x, data.x, { verbose: 0, callbacks: sparsifier.callback() });
    expect(await sparsifier.strip()).toEqual({ model, layers: [] });
  });

  it('refuses what cannot work', async () => {
    const model = denseModel();
    expect(() => new Sparsifier(model, magnitudePruning({ schedule }), { exclude: ['input'] })).toThrowError(
      'sparsifier: layers must be of the model (hidden, output), got input',
    );
    await expectAsync(new Sparsifier(model, magnitudePruning({ schedule })).step()).toBeRejectedWithError(
      'sparsifier: begin() must come before step(), got step()',
    );
    const ended = new Sparsifier(model, magnitudePruning({ schedule }));
    ended.dispose();
    await expectAsync(ended.begin()).toBeRejectedWithError(
      'sparsifier: strip() and dispose() must come last, got begin()',
    );
    expect(() => magnitudePruning({ schedule, scope: 'model' as 'layer' })).toThrowError(
      "magnitudePruning: scope must be 'layer' or 'global', got model",
    );
    expect(() => magnitudePruning({} as { schedule: typeof schedule })).toThrowError(
      'pruning: schedule must be a SparsitySchedule, got undefined',
    );
    expect(() => iterativeSoftShrinkage({ sparsity: 2, end: 3 })).toThrowError(
      'iterativeSoftShrinkage: sparsity must be from 0 to 0.995, got 2',
    );
    expect(() => nmPruning({ n: 5, m: 4 })).toThrowError('nOfMMask: n must be an integer from 0 to 4, got 5');
  });
});
