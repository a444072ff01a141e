import { tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import { checkedAxes, derivedKey, requireRange, type CoordinateMap } from '@tfjs-sparse/core';

export interface SinusoidalPositionsOptions {
  /** Of the embedding; a multiple of the axes. */
  readonly channels: number;
  /** The axes that share the channels, in their order; default all. FlatFormer's are x, y. */
  readonly axes?: readonly number[];
  /** Of the slowest wave: about 2 pi times as many cells; default 10000. */
  readonly temperature?: number;
  /** Cells of the grid on each of `axes`, which then is one turn of the fastest wave (FlatFormer's `normalize_pos`); default none. */
  readonly extent?: readonly number[];
}

const positionsOfSites = derivedKey<Float32Array>();
const turn = 2 * 3.1415; // as the peer's code rounds 2 pi

/**
 * Sine and cosine of the coordinates of sites (Vaswani et al. 2017, section 3.5, for several axes as in FlatFormer): of each
 * axis' share of n channels the i-th is the sine, or where i is odd the cosine, of
 * `coordinate / temperature ** (2 * floor(i / 2) / n)`. No weights; computed once per map and options.
 *
 * @returns float32 `[sites, channels]`
 * @throws RangeError for axes that are not of the map, channels that they do not divide, and a temperature that is not above 0
 */
export function sinusoidalPositions(map: CoordinateMap, options: SinusoidalPositionsOptions): Tensor2D {
  const { channels, temperature = 10000, extent } = options;
  const axes = checkedAxes(op, options.axes, map.rank);
  const isMultiple = Number.isInteger(channels) && channels > 0 && channels % axes.length === 0;
  requireRange(isMultiple, op, `channels must be a multiple of the ${axes.length} axes`, channels);
  requireRange(temperature > 0 && temperature < Infinity, op, 'temperature must be above 0', temperature);
  const isExtent = extent === undefined || (extent.length === axes.length && extent.every((cells) => cells > 0));
  requireRange(isExtent, op, `extent must have a size above 0 for each of ${axes.length} axes`, extent);
  const key = JSON.stringify([channels, axes, temperature, extent]);
  const values = map.derived(positionsOfSites.of(key), () => {
    const share = channels / axes.length;
    const periods = Float64Array.from({ length: share }, (_, i) => temperature ** ((2 * Math.floor(i / 2)) / share));
    const { coordinates, siteCount, rank } = map;
    const made = new Float32Array(siteCount * channels);
    let to = 0;
    for (let site = 0; site < siteCount; site++) {
      axes.forEach((axis, place) => {
        const coordinate = coordinates[site * (1 + rank) + 1 + axis];
        const position = extent ? (coordinate / extent[place]) * turn : coordinate;
        periods.forEach(
          (period, i) => (made[to++] = i % 2 === 0 ? Math.sin(position / period) : Math.cos(position / period)),
        );
      });
    }
    return made;
  });
  return tensor2d(values.slice(), [map.siteCount, channels]);
}

const op = 'sinusoidalPositions';
