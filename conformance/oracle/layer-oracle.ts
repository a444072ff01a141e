import type { SafetensorsTensor } from '@tfjs-sparse/core';
import type { GoldenLayer } from '../src/golden-file.js';
import type { LayerBase } from '../src/layer-definition.js';
import { finiteDifferences, innerProduct } from './finite-differences.js';
import { inputOf, rows, type Rows, type Run } from './run.js';
import type { Site } from './sites.js';

/** Rows on sites, in float64. */
export interface SiteRows {
  readonly sites: readonly Site[];
  /** `[sites][channels]` */
  readonly values: number[][];
  readonly channels: number;
  readonly batchSize: number;
}

/** What a definition may read besides its first input. */
export interface LayerSurroundings {
  /** All inputs of the layer, in the order of `layer.in`. */
  readonly inputs: readonly SiteRows[];
  /** An earlier layer, or `in`. */
  readonly valueOf: (name: string) => SiteRows;
  readonly layers: readonly GoldenLayer[];
  /** `mask`, `query`: what the case has besides features. */
  readonly tensors: Readonly<Record<string, SafetensorsTensor>>;
  readonly spatialShape: readonly number[] | null;
}

/** The definition of an op on features, written from the mathematics and nothing of the kernels. */
export interface RowsDefinition<F extends object> {
  /** `channels` where they are not the input's. */
  readonly define: (
    x: SiteRows,
    layer: LayerBase & F,
    surroundings: LayerSurroundings,
  ) => Pick<SiteRows, 'sites' | 'values'> & { readonly channels?: number };
  /** Of sum(y * dy) to x; by default the finite differences of `define`, for all inputs. */
  readonly gradient?: (
    dy: readonly (readonly number[])[],
    x: SiteRows,
    layer: LayerBase & F,
    surroundings: LayerSurroundings,
  ) => number[][];
}

/** A definition that adds tensors of its own to the golden: parameters and their gradients. */
export interface RunDefinition<F extends object> {
  readonly evaluate: (layer: LayerBase & F, run: Run) => Rows;
}

export type LayerOracle<F extends object> = RowsDefinition<F> | RunDefinition<F>;

/** Evaluates a layer and leaves in `run` how to go back. */
export function evaluateLayer<F extends object>(oracle: LayerOracle<F>, layer: LayerBase & F, run: Run): Rows {
  return 'evaluate' in oracle ? oracle.evaluate(layer, run) : evaluateRows(oracle, layer, run);
}

function evaluateRows<F extends object>({ define, gradient }: RowsDefinition<F>, layer: LayerBase & F, run: Run): Rows {
  const { channels, batchSize } = run.source;
  const siteRows = ({ sites, values }: Rows): SiteRows => ({
    sites,
    values,
    channels: values[0]?.length ?? channels,
    batchSize: batchSize ?? Math.max(0, ...sites.map(([batch]) => batch)) + 1,
  });
  const rowsOf = (name: string) => inputOf({ in: [name] }, run);
  const operands = layer.in.map(rowsOf);
  const inputs = operands.map(siteRows);
  const { tensors = {}, spatialShape = null, layers } = run.source;
  const valueOf = (name: string) => siteRows(rowsOf(name));
  const surroundings = { inputs, valueOf, layers, tensors, spatialShape };
  const defined = () => define(inputs[0], layer, surroundings);
  const { sites, values, channels: outChannels } = defined();
  const y: Rows = { ...rows(sites, values), channels: outChannels };
  run.backward.push(() => {
    const f = () => innerProduct(defined().values, y.gradient);
    operands.forEach((operand) => {
      const made = gradient?.(y.gradient, inputs[0], layer, surroundings) ?? finiteDifferences(f, operand.values);
      operand.gradient = made.map((row, i) => row.map((value, j) => value + (operand.gradient[i]?.[j] ?? 0)));
    });
  });
  return y;
}
