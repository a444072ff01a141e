import { type Scalar, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import {
  Callback,
  CallbackList,
  CustomCallback,
  History,
  type CustomCallbackArgs,
  type LayersModel,
} from '@tensorflow/tfjs-layers';
import { requireRange, seededRandom, shuffled, type SparseTensor } from '@tfjs-sparse/core';
import { makeBatch, type Batch } from './batch.js';
import { meansOver, readAll } from './evaluate.js';
import { lossAndMetrics, WeightedMeans } from './loss.js';
import { samplesOf, targetsOf, type SampleTargets, type SparseDataset, type TargetsPer } from './samples.js';

export interface FitOptions {
  /** Clouds per batch, default 32. */
  readonly batchSize?: number;
  /** Default 1. */
  readonly epochs?: number;
  /** Epoch to start at, to resume a training; default 0. */
  readonly initialEpoch?: number;
  /** Shuffles the clouds before every epoch; default true. */
  readonly shuffle?: boolean;
  /** Seed of the shuffling; the order of epoch `e` depends on the seed and `e` alone. Default 0. */
  readonly seed?: number;
  /** Share of the clouds, taken from the end before shuffling, that is held out for validation; default 0. */
  readonly validationSplit?: number;
  /** Clouds and targets for validation; wins over `validationSplit`. */
  readonly validationData?: readonly [SparseTensor | SparseDataset, Tensor];
  /** What a row of the targets belongs to; to be given where there are as many clouds as sites. */
  readonly targetsPer?: TargetsPer;
  /** tfjs callbacks. */
  readonly callbacks?: CallbackLike | readonly CallbackLike[];
  /** How often the loop yields to the event loop, as in tfjs; default `'auto'`. */
  readonly yieldEvery?: 'auto' | 'batch' | 'epoch' | 'never' | number;
}

export type CallbackLike = Callback | CustomCallback | CustomCallbackArgs;

/** Clouds to run over: a dataset, its targets and which of its clouds. */
interface Selection {
  readonly dataset: SparseDataset;
  readonly targets: SampleTargets;
  readonly indices: readonly number[];
}

/**
 * Trains a compiled model on clouds: tfjs' `fit` for SparseTensors, with its optimizers, losses, metrics, callbacks and
 * History. tfjs' own `fit` refuses inputs with more rows (sites) than targets (clouds) and rebuilds tensors, which
 * loses their sites.
 *
 * @param x clouds: a batched SparseTensor, or a dataset
 * @param y targets, `[clouds, ...]` or (for a SparseTensor) `[sites, ...]` in the order in which sites were given
 * @throws RangeError when the targets' rows match neither clouds nor sites
 */
export async function fit(
  model: LayersModel,
  x: SparseTensor | SparseDataset,
  y: Tensor,
  options: FitOptions = {},
): Promise<History> {
  const { batchSize = 32, epochs = 1, initialEpoch = 0, shuffle = true, seed = 0 } = options;
  requireRange(Number.isInteger(batchSize) && batchSize > 0, 'fit', 'batchSize must be an integer >= 1', batchSize);
  const { training, validation } = await selections(x, y, options);
  const history = new History();
  const callbacks = callbackList(model, history, options, training.indices.length, validation !== undefined);
  model.stopTraining = false;
  await callbacks.onTrainBegin();
  for (let epoch = initialEpoch; epoch < epochs && !model.stopTraining; epoch++) {
    await callbacks.onEpochBegin(epoch);
    const order = shuffle ? shuffled(training.indices, seededRandom(seed + epoch)) : training.indices;
    const means = await trainEpoch(model, { ...training, indices: order }, batchSize, epoch, callbacks);
    const logs = named(model, means.values());
    if (validation && !model.stopTraining) {
      const held = await meansOver(model, validation.dataset, validation.targets, validation.indices, batchSize);
      Object.assign(logs, named(model, held.values(), 'val_'));
    }
    await callbacks.onEpochEnd(epoch, logs);
  }
  await callbacks.onTrainEnd();
  return history;
}

async function trainEpoch(
  model: LayersModel,
  { dataset, targets, indices }: Selection,
  batchSize: number,
  epoch: number,
  callbacks: CallbackList,
): Promise<WeightedMeans> {
  const means = new WeightedMeans();
  const batchCount = Math.ceil(indices.length / batchSize);
  for (let i = 0; i < batchCount && !model.stopTraining; i++) {
    const members = indices.slice(i * batchSize, (i + 1) * batchSize);
    await callbacks.onBatchBegin(i, { batch: i, size: members.length });
    const batch = makeBatch(dataset, targets, members, epoch);
    try {
      const values = await readAll(trainStep(model, batch));
      means.add(values, batch.rowCount);
      await callbacks.onBatchEnd(i, { batch: i, size: members.length, ...named(model, values) });
    } finally {
      batch.dispose();
    }
  }
  return means;
}

/** One step of the model's optimizer on `batch`; the loss and the metrics before the step. */
function trainStep(model: LayersModel, batch: Batch): Scalar[] {
  let metrics: Scalar[] = [];
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  const loss = model.optimizer.minimize(
    () => {
      const results = lossAndMetrics('fit', model, batch, true);
      metrics = results.metrics;
      return results.loss;
    },
    true,
    variables,
  );
  return [loss!, ...metrics];
}

async function selections(
  x: SparseTensor | SparseDataset,
  y: Tensor,
  { validationSplit = 0, validationData, targetsPer }: FitOptions,
): Promise<{ training: Selection; validation?: Selection }> {
  const whole = await selectionOf(x, y, targetsPer);
  if (validationData) return { training: whole, validation: await selectionOf(...validationData, targetsPer) };
  requireRange(
    validationSplit >= 0 && validationSplit < 1,
    'fit',
    'validationSplit must be in [0, 1)',
    validationSplit,
  );
  if (validationSplit === 0) return { training: whole };
  const split = Math.floor(whole.indices.length * (1 - validationSplit));
  return {
    training: { ...whole, indices: whole.indices.slice(0, split) },
    validation: { ...whole, indices: whole.indices.slice(split) },
  };
}

async function selectionOf(
  x: SparseTensor | SparseDataset,
  y: Tensor,
  targetsPer: TargetsPer | undefined,
): Promise<Selection> {
  const dataset = await samplesOf(x);
  const indices = Array.from({ length: dataset.length }, (_, index) => index);
  return { dataset, targets: await targetsOf('fit', y, x, targetsPer), indices };
}

function callbackList(
  model: LayersModel,
  history: History,
  { callbacks = [], batchSize = 32, epochs = 1, initialEpoch = 0, yieldEvery = 'auto' }: FitOptions,
  samples: number,
  doValidation: boolean,
): CallbackList {
  const given = (Array.isArray(callbacks) ? callbacks : [callbacks]) as readonly CallbackLike[];
  const wrapped = given.map((callback) =>
    callback instanceof Callback || callback instanceof CustomCallback
      ? callback
      : new CustomCallback(callback, yieldEvery),
  );
  const list = new CallbackList([new CustomCallback({}, yieldEvery), ...wrapped, history]);
  const metrics = doValidation
    ? [...model.metricsNames, ...model.metricsNames.map((name) => `val_${name}`)]
    : model.metricsNames;
  list.setModel(model);
  list.setParams({
    epochs,
    initialEpoch,
    samples,
    steps: Math.ceil(samples / batchSize),
    batchSize,
    verbose: 0,
    doValidation,
    metrics: [...metrics],
  });
  return list;
}

function named(model: LayersModel, values: readonly number[], prefix = ''): Record<string, number> {
  return Object.fromEntries(values.map((value, i) => [prefix + model.metricsNames[i], value]));
}
