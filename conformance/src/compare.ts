import type { Execution, HostValue } from './golden-case.js';
import { lastLayer } from './golden-case.js';
import type { GoldenCase, GoldenLayer } from './golden-file.js';
import { layerRows, layerTensor, layerTensorName, outputRows } from './golden-leaves.js';
import { matchRows, rowKey } from './match-rows.js';

/** One tensor held against its golden. */
export interface Comparison {
  readonly what: string;
  /** Largest difference over max(1, max|golden|); Infinity where shape, sites or NaN disagree. */
  readonly error: number;
  readonly tolerance: number;
  readonly problem: string | null;
}

/** Everything that the golden knows, held against what a run left. */
export function compareExecution(golden: GoldenCase, execution: Execution): Comparison[] {
  const comparisons: Comparison[] = [];
  for (const layer of golden.layers) {
    const output = execution.outputs.get(layer.name);
    if (output) comparisons.push(...compareOutput(golden, layer, output));
    if (layer.op === 'bn') comparisons.push(...compareStatistics(golden, layer, execution));
  }
  for (const [name, gradient] of execution.gradients) {
    const expected = golden.tensors.get(`grad_${name}`);
    if (expected)
      comparisons.push(compareValues(`grad_${name}`, gradient, toFloats(expected.values), golden.tolerance.gradient));
  }
  for (const name of golden.tensors.keys()) {
    if (name.startsWith('grad_') && !execution.gradients.has(name.slice('grad_'.length))) {
      comparisons.push(failed(name, `${name}: no gradient was computed`));
    }
  }
  return comparisons;
}

/** @param where names the element at an index, for the message */
export function compareValues(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  where: (index: number) => string = (index) => `element ${index}`,
): Comparison {
  if (actual.length !== expected.length) {
    return failed(what, `${what}: must have ${expected.length} values, got ${actual.length}`, tolerance);
  }
  let scale = 1;
  for (let i = 0; i < expected.length; i++)
    if (Number.isFinite(expected[i])) scale = Math.max(scale, Math.abs(expected[i]));
  let error = 0;
  let worst = -1;
  for (let i = 0; i < expected.length; i++) {
    const difference = differenceOf(actual[i], expected[i]) / scale;
    if (difference > error) [error, worst] = [difference, i];
  }
  if (error <= tolerance) return { what, error, tolerance, problem: null };
  const size = Number.isFinite(error) ? `off by ${error.toExponential(2)} (tolerance ${tolerance})` : 'wrong';
  return {
    what,
    error,
    tolerance,
    problem: `${what}: ${size} at ${where(worst)}: must be ${expected[worst]}, got ${actual[worst]}`,
  };
}

function compareOutput(golden: GoldenCase, layer: GoldenLayer, output: HostValue): Comparison[] {
  const isLast = layer === lastLayer(golden);
  const features = golden.tensors.get(isLast ? 'out_features' : `features.${layer.name}`);
  if (!features) return [];
  const what = isLast ? 'out_features' : `features.${layer.name}`;
  const { tolerance } = golden;
  if (output.shape.join() !== features.shape.join()) {
    return [failed(what, `${what}: must have shape [${features.shape}], got [${output.shape}]`, tolerance.output)];
  }
  const expected = toFloats(features.values);
  const plain = () => [compareValues(what, output.values, expected, tolerance.output)];
  if (!output.coordinates) return plain();
  const rows = isLast ? outputRows(golden) : layerRows(golden, layer.name);
  if (!rows) return plain();
  const width = rows.shape[1];
  const coordinates = rows.values as Int32Array;
  const { actualOf, missing, extra, repeated } = matchRows(output.coordinates, coordinates, width);
  for (const [kind, keys] of Object.entries({ missing, extra, repeated })) {
    if (keys.length > 0)
      return [failed(what, `${what}: ${keys.length} ${kind} sites, first [${keys[0]}]`, tolerance.output)];
  }
  const channels = features.shape[1];
  const ordered = Float32Array.from(
    expected,
    (_, i) => output.values[actualOf[Math.floor(i / channels)] * channels + (i % channels)],
  );
  const where = (i: number) => `site [${rowKey(coordinates, Math.floor(i / channels), width)}] channel ${i % channels}`;
  const comparisons = [compareValues(what, ordered, expected, tolerance.output, where)];
  const rowIndex = golden.tensors.get('row_index')?.values as Int32Array | undefined;
  if (isLast && rowIndex && output.inverse) {
    const goldenSites = Array.from(rowIndex, (row) => actualOf[row]);
    comparisons.push(compareValues('row_index', output.inverse, goldenSites, 0, (point) => `point ${point}`));
  }
  return comparisons;
}

/** The running statistics that a training step leaves, from the batch statistics: unbiased variance, as PyTorch. */
function compareStatistics(golden: GoldenCase, layer: GoldenLayer, execution: Execution): Comparison[] {
  const batch = execution.statistics.get(layer.name);
  const momentum = layer.momentum ?? 0;
  const correction = batch && batch.siteCount > 1 ? batch.siteCount / (batch.siteCount - 1) : 1;
  return (['mean', 'var'] as const).flatMap((kind) => {
    const before = layerTensor(golden, `running_${kind}_before`, layer);
    const after = layerTensor(golden, `running_${kind}_after`, layer);
    if (!before || !after) return [];
    const what = layerTensorName(golden, `running_${kind}_after`, layer);
    if (!batch) return [failed(what, `${what}: no batch statistics were returned`)];
    const fresh = kind === 'mean' ? batch.mean : batch.variance.map((value) => value * correction);
    const running = toFloats(before.values).map((value, channel) => (1 - momentum) * value + momentum * fresh[channel]);
    return [
      compareValues(what, running, toFloats(after.values), golden.tolerance.output, (channel) => `channel ${channel}`),
    ];
  });
}

function differenceOf(actual: number, expected: number): number {
  if (Object.is(actual, expected) || actual === expected) return 0;
  const difference = Math.abs(actual - expected);
  return Number.isNaN(difference) ? Infinity : difference;
}

function failed(what: string, problem: string, tolerance = 0): Comparison {
  return { what, error: Infinity, tolerance, problem };
}

function toFloats(values: ArrayLike<number> | ArrayLike<bigint>): Float32Array {
  return Float32Array.from({ length: values.length }, (_, index) => Number(values[index]));
}
