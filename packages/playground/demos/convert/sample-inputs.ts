import { seededRandom, type SafetensorsTensor } from '@tfjs-sparse/core';
import type { NamedTensors } from '@tfjs-sparse/converter/checkpoints';
import { gridCells } from './grid-cells.js';
import type { ModelInput, SampleSettings } from './tasks.js';

/**
 * Random inputs of a model's shapes, the same for the same seed. Sites lie on a wavy surface, as scanned ones do.
 *
 * @throws RangeError for an input of no known shape, and for a grid of other axes
 */
export function sampleInputs(inputs: readonly ModelInput[], sample: SampleSettings): NamedTensors {
  const random = seededRandom(sample.seed);
  const coords = inputs.find(({ name }) => name === 'coords')?.shape?.[1];
  if (coords) return sitesOf(inputs, gridCells(sample.grid, coords - 1), sample.sites, random);
  return new Map(
    inputs.map(({ name, dtype, shape }) => {
      if (!shape) throw new RangeError(`${name} must have a known shape, got none (give inputs of your own)`);
      const lengths = shape.map((length, axis) => length ?? (axis === 0 ? 1 : sample.openLength));
      return [name, tensorOf(dtype, lengths, random)];
    }),
  );
}

const mostInteger = 8; // of int32, which may be indices into a table of any size

function tensorOf(dtype: string, shape: readonly number[], random: () => number): SafetensorsTensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const drawn = Float64Array.from({ length: size }, random);
  switch (dtype) {
    case 'bool':
      return { dtype: 'BOOL', shape, values: Uint8Array.from(drawn, Math.round) };
    case 'int32':
      return { dtype: 'I32', shape, values: Int32Array.from(drawn, (value) => Math.floor(mostInteger * value)) };
    default:
      return { dtype: 'F32', shape, values: Float32Array.from(drawn, (value) => 2 * value - 1) };
  }
}

/** @param cells of the grid on each axis; the last place follows from the others */
function sitesOf(
  inputs: readonly ModelInput[],
  cells: readonly number[],
  sites: number,
  random: () => number,
): NamedTensors {
  const rows = new Map<string, readonly number[]>();
  const [top] = cells.slice(-1);
  for (let tries = 0; rows.size < sites && tries < 20 * sites; tries++) {
    const places = cells.slice(0, -1).map((count) => Math.floor(count * random()));
    const wave = places.reduce((product, place, axis) => product * Math.sin((6 * place) / cells[axis] + 1), 1);
    const last = Math.round((top - 3) * (0.5 + 0.4 * wave) + 2 * random());
    const site = [0, ...places, Math.min(Math.max(last, 0), top - 1)];
    rows.set(site.join(), site);
  }
  const channels = inputs.find(({ name }) => name === 'features')?.shape?.[1] ?? 1;
  const values = Int32Array.from([...rows.values()].flat());
  return new Map([
    ['coords', { dtype: 'I32', shape: [rows.size, cells.length + 1], values }],
    ['features', tensorOf('float32', [rows.size, channels], random)],
  ]);
}
