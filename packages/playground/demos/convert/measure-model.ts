import { readSafetensors, type SafetensorsTensor } from '@tfjs-sparse/core';
import {
  compareOutputs,
  openSavedModel,
  type ConvertedFile,
  type ModelOutput,
  type NamedTensors,
  type SavedModel,
} from '@tfjs-sparse/converter/checkpoints';
import { median } from '../../src/numbers.js';
import { deviceName } from '../../src/worker/device-name.js';
import { gridCells } from './grid-cells.js';
import { sampleInputs } from './sample-inputs.js';
import type { Measured, MeasureTask, NamedBlob, Timing } from './tasks.js';

const mostRuns = 49; // of a small model, whose single times vary
const leastRuns = 3;
const budgetMs = 1000; // the user waits for that, or for the least runs
const longMs = 2000; // a run that takes longer is not worth another

/**
 * Runs the converted model and the file's own on the same inputs, in turns, on the active backend.
 *
 * @param dense null where it is the same as the converted one
 */
export async function measureModel(
  converted: ConvertedFile,
  dense: ConvertedFile | null,
  task: MeasureTask,
): Promise<Measured> {
  const models: SavedModel[] = [];
  try {
    for (const file of dense ? [converted, dense] : [converted]) models.push(await openSavedModel(file.artifacts));
    const own = task.inputs && (await tensorsOf(task.inputs));
    const inputs = own ?? sampleInputs(models[0].inputs, task.sample);
    const grid = gridOf(inputs, task);
    const made: ModelOutput[][] = []; // the first runs prepare kernels, and are not timed
    for (const model of models) made.push(await model.run(inputs, grid));
    const wanted = task.outputs && (await tensorsOf(task.outputs));
    const [ofConverted, ofDense] = await timesOf(models.map((model) => () => model.run(inputs, grid)));
    return {
      task: 'measure',
      device: await deviceName(),
      converted: ofConverted,
      dense: ofDense ?? null,
      differences: dense ? compareOutputs(made[0], asTensors(made[1], inputs), inputs) : [],
      given: wanted && compareOutputs(made[0], wanted, inputs),
      inputs: Array.from(inputs, ([name, { shape }]) => ({ name, shape })),
      outputs: made[0].map(({ name, shape }) => ({ name, shape })),
    };
  } finally {
    for (const model of models) model.dispose();
  }
}

/** Medians of runs in turns, each with reading its results. */
async function timesOf(runs: readonly (() => Promise<unknown>)[]): Promise<Timing[]> {
  const times: number[][] = runs.map(() => []);
  const end = performance.now() + budgetMs;
  for (let turn = 0; turn < mostRuns && (turn < leastRuns || performance.now() < end); turn++) {
    for (const [i, run] of runs.entries()) {
      if (times[i][0] > longMs) continue;
      const begin = performance.now();
      await run();
      times[i].push(performance.now() - begin);
    }
  }
  return times.map((all) => ({ ms: median(all), runs: all.length }));
}

/** Outputs as they would be given; `sites` says in which order their rows are. */
function asTensors(outputs: readonly ModelOutput[], inputs: NamedTensors): NamedTensors {
  const named: [string, SafetensorsTensor][] = outputs.map(({ name, shape, values }) => [
    name,
    { dtype: 'F32', shape, values: Float32Array.from(values) },
  ]);
  const sites = outputs.find((output) => output.sites)?.sites;
  if (!sites) return new Map(named);
  const width = inputs.get('coords')!.shape[1];
  return new Map([...named, ['sites', { dtype: 'I32', shape: [sites.length / width, width], values: sites }]]);
}

/** Cells on each axis; undefined where there are no sites, or for those up to the last. */
function gridOf(inputs: NamedTensors, { inputs: own, grid, sample }: MeasureTask): number[] | undefined {
  const coords = inputs.get('coords');
  const text = own ? grid : sample.grid;
  return coords && text.trim() !== '' ? gridCells(text, coords.shape[1] - 1) : undefined;
}

async function tensorsOf({ name, blob }: NamedBlob): Promise<NamedTensors> {
  try {
    return readSafetensors(new Uint8Array(await blob.arrayBuffer())).tensors;
  } catch (error) {
    throw new RangeError(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
