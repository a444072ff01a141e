import type { SafetensorsTensor } from '@tfjs-sparse/core';
import type { GoldenLayer } from '../src/golden-file.js';
import type { CaseSource } from './case-source.js';
import { floats, integers } from './golden-tensors.js';
import { drawRows, uniformFrom } from './random.js';
import type { Rows, Run } from './run.js';

/** A layer of the oracle's, for the golden layers that it takes. */
export interface OracleLayer {
  takes(layer: GoldenLayer): boolean;
  evaluate(layer: GoldenLayer, run: Run): Rows;
}

/** The golden tensors of a case, inputs included, from a float64 reading of the definitions. */
export function evaluateCase(source: CaseSource, definitions: readonly OracleLayer[]): [string, SafetensorsTensor][] {
  const run: Run = { source, values: new Map(), tensors: [], backward: [] };
  const { layers, coordinates, features, dense, positions, rank } = source;
  if (positions) run.tensors.push(['in_positions', floats(positions, 1 + rank)]);
  else run.tensors.push(['in_coords', integers(coordinates, 1 + rank)]);
  const input: Rows = { sites: coordinates, values: copyOf(features ?? []), gradient: [] };
  if (features) run.tensors.push(['in_features', floats(features, source.channels)]);
  if (dense)
    run.tensors.push(['in_dense', { dtype: 'F32', shape: dense.shape, values: Float32Array.from(dense.values) }]);
  run.values.set('in', input);
  const operands = (source.operands ?? []).map((operand, index): [string, Rows] => {
    run.tensors.push([`in${index + 2}_coords`, integers(operand.coordinates, 1 + rank)]);
    run.tensors.push([`in${index + 2}_features`, floats(operand.features, channelsOf(operand.features, source))]);
    return [`${index + 2}`, { sites: operand.coordinates, values: copyOf(operand.features), gradient: [] }];
  });
  for (const [number, operand] of operands) run.values.set(`in${number}`, operand);
  run.tensors.push(...Object.entries(source.tensors ?? {}));
  layers.forEach((layer, index) => {
    const isLast = index === layers.length - 1;
    const definition = definitions.find((candidate) => candidate.takes(layer));
    if (!definition) throw new RangeError(`oracle: op must be one that it defines, got '${layer.op}'`);
    const output = definition.evaluate(layer, run);
    run.values.set(layer.name, output);
    const channels = output.values[0]?.length ?? output.channels ?? outputChannels(layer, source);
    if (!output.isGrid && isLast) {
      const isOnInput = !positions && String(output.sites) === String(coordinates);
      if (!isOnInput) run.tensors.push(['out_coords', integers(output.sites, 1 + rank)]);
      run.tensors.push(['out_features', floats(output.values, channels)]);
    }
    output.gradient = output.values.map((row) => row.map(() => 0));
    if (!isLast || source.cotangentSeed === undefined) return;
    output.gradient = drawRows(uniformFrom(source.cotangentSeed), output.values.length, channels);
    const { shape } = run.tensors[run.tensors.length - 1][1]; // of out_features
    run.tensors.push(['cotangent', { dtype: 'F32', shape, values: Float32Array.from(output.gradient.flat()) }]);
    for (const step of run.backward.reverse()) step();
    if (features) run.tensors.push(['grad_features', floats(input.gradient, source.channels)]);
    for (const [number, { values, gradient }] of operands) {
      run.tensors.push([`grad_features${number}`, floats(gradient, channelsOf(values, source))]);
    }
  });
  return run.tensors;
}

/** Channels of an output without rows. */
function outputChannels(layer: GoldenLayer, { parameters, channels }: CaseSource): number {
  return parameters?.[layer.name]?.weight?.[0][0].length ?? channels;
}

/** Channels of the rows of an operand. */
function channelsOf(values: readonly (readonly number[])[], { channels }: CaseSource): number {
  return values[0]?.length ?? channels;
}

function copyOf(values: readonly (readonly number[])[]): number[][] {
  return values.map((row) => [...row]);
}
