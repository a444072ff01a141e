import { sortedSites } from '../../../oracle/sites.js';
import type { ExactTensor, ExactTensors } from '../../../src/tensor-operation.js';
import { normalized, times } from './exact-encoder.js';

/** The windows of sites, with their features after DSVT's attention pooling. */
export function exactPooling(
  { x, coordinates, qkv, qkvBias, output, outputBias, position, scale, offset }: ExactTensors,
  { poolSize, heads = 8 }: { readonly poolSize: readonly number[]; readonly heads?: number },
): { y: ExactTensor; coordinates: ExactTensor } {
  const [count, columns] = coordinates.shape;
  const channels = x.shape[1];
  const cells = poolSize.reduce((product, size) => product * size, 1);
  const placed = Array.from({ length: count }, (_, row) => {
    const [batch, ...cell] = coordinates.values.slice(row * columns, (row + 1) * columns);
    const window = [batch, ...cell.map((value, axis) => Math.floor(value / poolSize[axis]))];
    const slot = cell.reduce((place, value, axis) => {
      return place * poolSize[axis] + value - window[1 + axis] * poolSize[axis];
    }, 0);
    return { window, slot };
  });
  const windows = sortedSites(placed.map(({ window }) => window));
  const project = (rows: readonly number[], part: number) =>
    times(rows, rows.length / channels, qkv, qkvBias).filter(
      (_, i) => Math.floor((i % (3 * channels)) / channels) === part,
    );
  const values = windows.flatMap((window) => {
    const filled = new Array<number>(cells * channels).fill(0);
    placed.forEach((place, row) => {
      if (place.window.join() !== window.join()) return;
      for (let channel = 0; channel < channels; channel++)
        filled[place.slot * channels + channel] = x.values[row * channels + channel];
    });
    const query = Array.from({ length: channels }, (_, channel) =>
      Math.max(...filled.filter((_, i) => i % channels === channel)),
    );
    const q = project(query, 0);
    const k = project(filled.map((value, i) => value + position.values[i]), 1); // prettier-ignore
    const v = project(filled, 2);
    const attended = q.map((_, channel) => {
      const width = channels / heads;
      const first = channel - (channel % width);
      const powers = Array.from({ length: cells }, (_, cell) => {
        let score = 0;
        for (let i = first; i < first + width; i++) score += q[i] * k[cell * channels + i];
        return Math.exp(score / Math.sqrt(width));
      });
      const sum = powers.reduce((total, power) => total + power, 0);
      return powers.reduce((total, power, cell) => total + (power / sum) * v[cell * channels + channel], 0);
    });
    const y = times(attended, 1, output, outputBias).map((value, channel) => value + query[channel]);
    return normalized(y, scale.values, offset.values, 1e-5);
  });
  return {
    y: { shape: [windows.length, channels], values },
    coordinates: { shape: [windows.length, columns], values: windows.flat() },
  };
}
