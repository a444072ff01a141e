import type * as tf from '@tensorflow/tfjs-core';
import type { CoordinateMap, SparseTensorOptions } from '@tfjs-sparse/core';
import { integersOf } from './golden-tensors.js';
import type { GoldenProgram } from './golden-program.js';
import type { LayerRun, MakeSites } from './layer-definition.js';
import { onSites, type LayerValue } from './layer-value.js';

/** The values of inputs and layers by their names. */
export type ForwardPass = ReadonlyMap<string, LayerValue>;

/**
 * Executes the layers.
 *
 * @param leaves one tensor per leaf of the program
 * @param maps   takes every site set that was made, so that the caller can dispose them
 */
export function forwardPass(
  program: GoldenProgram,
  makeSites: MakeSites,
  leaves: readonly tf.Tensor[],
  maps: Set<CoordinateMap>,
): ForwardPass {
  const values = new Map<string, LayerValue>();
  const run = layerRun(program, makeSites, leaves, values);
  for (const [name, input] of inputValues(program, run)) values.set(name, input);
  for (const bound of program.layers) values.set(bound.layer.name, bound.forward(run));
  for (const value of values.values()) if (value.kind === 'sites') maps.add(value.x.map);
  return values;
}

/** @param values of the layers before, to which the caller adds */
export function layerRun(
  program: GoldenProgram,
  makeSites: MakeSites,
  leaves: readonly tf.Tensor[],
  values: ReadonlyMap<string, LayerValue>,
): LayerRun {
  const { golden, rank } = program;
  const byName = new Map(program.leaves.map(({ name }, index) => [name, leaves[index]]));
  return {
    golden,
    rank,
    makeSites,
    valueOf(name) {
      const value = values.get(name);
      if (!value) throw new RangeError(`golden: inputs must be earlier layers, got '${name}'`);
      return value;
    },
    leaf: (name) => byName.get(name),
  };
}

/** What sites of the case may be made with. */
export function siteOptions({ rank, golden }: Pick<LayerRun, 'rank' | 'golden'>): SparseTensorOptions {
  return { rank, batchSize: golden.batchSize ?? undefined, spatialShape: golden.spatialShape ?? undefined };
}

/** Coordinates in cells of a grid with a stride; goldens of some engines have them in those of the finest. */
export function cellsOf(coordinates: Int32Array, stride: readonly number[] | undefined, rank: number): Int32Array {
  if (!stride) return coordinates;
  return coordinates.map((value, i) => (i % (rank + 1) > 0 ? value / stride[(i % (rank + 1)) - 1] : value));
}

/** `in`, `in2`, …: features that the case has on sites; points and grids are read by their layers. */
function inputValues(program: GoldenProgram, run: LayerRun): [string, LayerValue][] {
  const { golden, rank, leaves, layers } = program;
  return leaves.flatMap(({ name }): [string, LayerValue][] => {
    const number = /^features(\d*)$/.exec(name)?.[1];
    if (number === undefined || layers[0].readsPoints) return [];
    const input = `in${number}`;
    const stride = layers.find(({ layer }) => layer.in.includes(input))?.layer.in_tensor_stride;
    const coordinates = cellsOf(integersOf(golden, `${input}_coords`), stride, rank);
    const features = run.leaf(name) as tf.Tensor2D;
    return [[input, onSites(run.makeSites(features, coordinates, { ...siteOptions(run), stride }))]];
  });
}
