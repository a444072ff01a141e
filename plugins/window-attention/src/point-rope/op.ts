import type { Tensor2D } from '@tensorflow/tfjs-core';
import { checkedAxes, derivedKey, requireRange, requireType, runOp, type CoordinateMap } from '@tfjs-sparse/core';
import { pointRopeOp } from './definition.js';

export interface PointRopeOptions {
  /** Into how many heads of equal width the channels are divided. */
  readonly heads: number;
  /** Base of the angles; default 100, LitePT's. */
  readonly frequency?: number;
  /** The axes of the map that share the channels of a head, in their order; default all. The peer's is x, y, z. */
  readonly axes?: readonly number[];
}

/**
 * PointROPE of LitePT: rotary position embedding by the coordinates of sites. Each axis owns an even share of a head's
 * channels; the i-th channel of the share's first half and the i-th of its second are turned in their plane by the angle
 * `coordinate * frequency ** (-i / half)`. Applied to queries and keys, their product depends on the difference of positions
 * alone. It has no weights; coordinates are as the map has them, and angles are computed in float64, which at coordinates
 * of thousands is nearer to the formula than the peer's float32. The gradient turns back.
 *
 * @param x   float32 `[sites, heads * channels]`
 * @param map whose sites the rows are of
 * @returns   float32 like x
 * @throws RangeError where x has not the map's sites, heads or axes do not divide the channels, or frequency is not above 0
 */
export function pointRope(x: Tensor2D, map: CoordinateMap, options: PointRopeOptions): Tensor2D {
  requireType(x.dtype === 'float32', op, 'x must be float32', x.dtype);
  const isRows = x.rank === 2 && x.shape[0] === map.siteCount;
  requireRange(isRows, op, `x must be [${map.siteCount}, channels] (sites of the map)`, x.shape);
  const { heads } = options;
  const isDivisor = Number.isInteger(heads) && heads >= 1 && x.shape[1] > 0 && x.shape[1] % heads === 0;
  requireRange(isDivisor, op, `heads must divide the ${x.shape[1]} channels`, heads);
  const { turns, axes } = turnsOf(op, map, x.shape[1] / heads, options);
  return runOp(pointRopeOp, { x }, { turns, heads, axes, isBackward: false }).y as Tensor2D;
}

const op = 'pointRope';
const turnsOfSites = derivedKey<Int32Array>();

/** Cosines and sines of all sites, made once per map and rule. */
export function turnsOf(
  name: string,
  map: CoordinateMap,
  channels: number,
  { frequency = 100, axes: given }: Pick<PointRopeOptions, 'frequency' | 'axes'>,
): { readonly turns: Int32Array; readonly axes: number } {
  const axes = checkedAxes(name, given, map.rank);
  requireRange(channels % (2 * axes.length) === 0, name, `channels of a head must be a multiple of ${2 * axes.length} (axes)`, channels); // prettier-ignore
  requireRange(frequency > 0 && frequency < Infinity, name, 'frequency must be above 0', frequency);
  const turns = map.derived(turnsOfSites.of(JSON.stringify([axes, channels, frequency])), (own) => {
    const half = channels / axes.length / 2;
    const { coordinates, siteCount, rank } = map;
    const values = new Float32Array(siteCount * channels);
    let to = 0;
    for (let site = 0; site < siteCount; site++) {
      for (const axis of axes) {
        const coordinate = coordinates[site * (1 + rank) + 1 + axis];
        for (let i = 0; i < half; i++) {
          const angle = coordinate * frequency ** (-i / half);
          values[to++] = Math.cos(angle);
          values[to++] = Math.sin(angle);
        }
      }
    }
    return own(new Int32Array(values.buffer));
  });
  return { turns, axes: axes.length };
}
