import { memory } from '@tensorflow/tfjs-core';
import { exponentialDecay, gradientFlow, linearDecay } from '../gradients/gradient-flow.js';
import { srSte } from '../gradients/sr-ste.js';
import { erdosRenyiKernel, uniform } from '../masks/allocation.js';
import { cosineFraction } from '../schedules/fraction-schedule.js';
import { densifyStages, fineStages, sparsifyStages } from '../schedules/pattern-stages.js';
import { constantSchedule, polynomialSchedule } from '../schedules/sparsity-schedule.js';
import { Sparsifier } from '../sparsifier.js';
import { denseModel, makeData, weightsOf } from '../training-fixture.spec.js';
import { randomPruning, rigl, set } from './dynamic-training.js';
import { hyperSparse } from './hyper-sparse.js';
import { iterativeSoftShrinkage } from './iterative-soft-shrinkage.js';
import { lotteryTicket } from './lottery-ticket.js';
import { blockPruning, magnitudePruning, structuredPruning } from './magnitude-pruning.js';
import { nmPruning } from './nm-pruning.js';
import type { SparsityMethod } from './sparsity-method.js';

const schedule = polynomialSchedule({ final: 0.75, end: 12, frequency: 3 });
const dynamic = { allocation: uniform(0.75), frequency: 4, end: 16, fraction: cosineFraction(0.3, 16) };
const stages = { n: 1, m: 4, total: 18, dense: 2, fineTune: 4 };

/** Kept weights of hidden [16, 24] and output [24, 4], and the pattern, after 18 steps. */
type Expected = readonly [hidden: number, output: number, pattern: RegExp];

const quarter: Expected = [96, 24, /^unstructured$/];
const cases: readonly [string, SparsityMethod, Expected][] = [
  ['magnitude', magnitudePruning({ schedule }), quarter],
  ['one-shot magnitude', magnitudePruning({ schedule: constantSchedule(0.75, { begin: 5 }) }), quarter],
  ['blocks of 4', blockPruning({ schedule, blockOutputs: 4 }), [96, 24, /4/]],
  ['blocks of 8 by their maximum', blockPruning({ schedule, blockOutputs: 8, score: 'max' }), [96, 24, /[48]/]],
  ['whole outputs', structuredPruning({ schedule }), [96, 24, /./]],
  ['2:4 once', nmPruning({ n: 2, m: 4 }), [192, 48, /^2:4$/]],
  ['2:4 by SR-STE', nmPruning({ n: 2, m: 4, forward: srSte() }), [192, 48, /^2:4$/]],
  ['1:8 for 4 outputs', nmPruning({ n: 1, m: 8, blockOutputs: 4, forward: srSte() }), [48, 12, /^1:8 x 4$/]],
  ['linear gradient flow', nmPruning({ n: 1, m: 4, forward: gradientFlow(linearDecay(0.1)) }), [96, 24, /^1:4$/]],
  [
    'exponential gradient flow',
    nmPruning({ n: 1, m: 4, forward: gradientFlow(exponentialDecay(1, 9)) }),
    [96, 24, /^1:4$/],
  ],
  ['sparsify', nmPruning({ n: 1, m: 4, stages: sparsifyStages(stages), forward: srSte() }), [96, 24, /^1:4$/]],
  ['fine', nmPruning({ n: 1, m: 4, stages: fineStages(stages), forward: srSte() }), [96, 24, /^1:4$/]],
  ['densify', nmPruning({ n: 1, m: 4, stages: densifyStages(stages), forward: srSte() }), [96, 24, /^1:4$/]],
  ['random', randomPruning({ allocation: uniform(0.75) }), quarter],
  ['RigL', rigl(dynamic), quarter],
  ['SET', set(dynamic), quarter],
  ['soft shrinkage', iterativeSoftShrinkage({ sparsity: 0.75, end: 10 }), quarter],
  ['lottery ticket', lotteryTicket({ rounds: 2, stepsPerRound: 6, rate: 0.5, rewindStep: 1 }), quarter],
];

describe('methods', () => {
  for (const [name, method, [hidden, output, pattern]] of cases)
    it(`${name}: keeps as many weights as it says, and zeros stay zeros`, async () => {
      const data = makeData();
      const model = denseModel();
      await model.fit(data.x, data.y, { batchSize: 16, epochs: 1, verbose: 0 }); // makes the optimizer's variables
      const tensors = memory().numTensors;
      const sparsifier = new Sparsifier(model, method);
      const options = { batchSize: 16, verbose: 0, callbacks: sparsifier.callback() } as const; // 6 steps an epoch
      await model.fit(data.x, data.y, { ...options, epochs: 3 });
      const masks = sparsifier.weights.map((weight) => Array.from(weight.mask!));
      await model.fit(data.x, data.y, { ...options, epochs: 1 });
      expect(sparsifier.stepCount).toBe(24);
      if (!method.forward) expect(sparsifier.weights.map((weight) => Array.from(weight.mask!))).toEqual(masks);
      const { layers } = await sparsifier.strip();
      expect(layers.map(({ kept }) => kept)).toEqual([hidden, output]);
      for (const layer of layers) {
        expect(layer.pattern).toMatch(pattern);
        const nonZero = (await weightsOf(model, layer.name)).filter((value) => value !== 0).length;
        expect(nonZero).toBeLessThanOrEqual(layer.kept);
        expect(nonZero).toBeGreaterThan(0.8 * layer.kept);
      }
      expect(memory().numTensors).toBe(tensors);
      data.x.dispose();
      data.y.dispose();
    });

  it('global magnitude pruning leaves every layer its minimum', async () => {
    const model = denseModel();
    const minimumPerLayer = 0.08; // 38 of 480 weights
    const method = magnitudePruning({ schedule: constantSchedule(0.8), scope: 'global', minimumPerLayer });
    const sparsifier = new Sparsifier(model, method);
    await sparsifier.begin();
    for (const { kept } of sparsifier.summary()) expect(kept).toBeGreaterThanOrEqual(38);
    expect(Math.abs(sparsifier.sparsity - 0.8)).toBeLessThan(0.02);
    sparsifier.dispose();
  });

  it('RigL grows where the gradient is large and begins there without momentum', async () => {
    const data = makeData(32);
    const model = denseModel();
    const sparsifier = new Sparsifier(model, rigl({ ...dynamic, allocation: erdosRenyiKernel(0.7), frequency: 3 }));
    await model.fit(data.x, data.y, { epochs: 2, verbose: 0, callbacks: sparsifier.callback() });
    const [hidden] = sparsifier.weights;
    const before = hidden.mask!;
    await model.fit(data.x, data.y, { epochs: 1, verbose: 0, callbacks: sparsifier.callback() });
    const grown = Array.from(hidden.mask!.keys()).filter((i) => hidden.mask![i] === 1 && before[i] === 0);
    expect(grown.length).toBeGreaterThan(0);
    const weights = await weightsOf(model, 'hidden');
    const moments = (await model.optimizer.getWeights()).find(({ name }) => name === `${hidden.variable.name}/m`)!;
    const values = await moments.tensor.data();
    for (const i of grown) expect(Math.abs(weights[i]) + Math.abs(values[i])).toBe(0);
    expect(values.filter((value) => value !== 0).length).toBeGreaterThan(0);
    sparsifier.dispose();
  });

  it('a lottery ticket goes back to its early weights', async () => {
    const data = makeData(32);
    const model = denseModel();
    const early = await Promise.all(model.getWeights().map(async (weight) => (await weight.data()).slice()));
    const method = lotteryTicket({ rounds: 1, stepsPerRound: 3, rate: 0.5, scope: 'global' });
    const sparsifier = new Sparsifier(model, method);
    await model.fit(data.x, data.y, { epochs: 3, verbose: 0, callbacks: sparsifier.callback() });
    expect(sparsifier.sparsity).toBe(0.5);
    for (const { name, mask } of sparsifier.weights) {
      const start = early[name === 'hidden' ? 0 : 2];
      const expected = Array.from(start, (value, i) => value * mask![i]);
      expect(Array.from(await weightsOf(model, name))).toEqual(expected);
    }
    expect(Array.from(await model.getWeights()[1].data())).toEqual(Array.from(early[1]));
    sparsifier.dispose();
  });

  it('HyperSparse fixes the masks when pruning is free, or at its last epoch', async () => {
    const data = makeData();
    const accuracies = [0.9, 0.8, 0.9, 0.95, 0.9, 1]; // dense, pruned; in the third epoch with the penalty it is free
    const accuracy = async (): Promise<number> => accuracies.shift()!;
    const phases = { sparsity: 0.75, stepsPerEpoch: 6, warmupEpochs: 1, lastEpoch: 6, lambda: 1e-3 };
    for (const [options, epoch] of [
      [{ ...phases, accuracy }, 4],
      [phases, 6],
    ] as const) {
      const model = denseModel();
      const sparsifier = new Sparsifier(model, hyperSparse(options));
      const sparsities: number[] = [];
      const onEpochEnd = async (): Promise<void> => void sparsities.push(sparsifier.sparsity);
      const callbacks = [sparsifier.callback(), { onEpochEnd }];
      await model.fit(data.x, data.y, { batchSize: 16, epochs: 7, verbose: 0, callbacks });
      expect(sparsities).toEqual(Array.from({ length: 7 }, (_, i) => (i + 1 >= epoch ? 0.75 : 0)));
      sparsifier.dispose();
    }
  });

  it('HyperSparse’s penalty adds to the gradients', async () => {
    const data = makeData(32);
    const lengths: number[] = [];
    for (const lambda of [1e-9, 1]) {
      const model = denseModel();
      const phases = { sparsity: 0.75, stepsPerEpoch: 1, warmupEpochs: 0, lastEpoch: 9 };
      const sparsifier = new Sparsifier(model, hyperSparse({ ...phases, lambda }));
      await model.fit(data.x, data.y, { epochs: 4, verbose: 0, callbacks: sparsifier.callback() });
      lengths.push((await weightsOf(model, 'hidden')).reduce((sum, weight) => sum + Math.abs(weight), 0));
      sparsifier.dispose();
    }
    expect(lengths[1]).toBeLessThan(lengths[0]);
  });
});
