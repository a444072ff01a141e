import type { AttentionView } from '@tfjs-sparse/shapes-flatformer';
import { counted } from '../../src/numbers.js';
import type { Picture } from './attention-controls.js';
import { heightColours, indexColours, plainColours, weightColours } from './picture-colours.js';

/** Colours of points, and in words what they say. */
export interface Coloured {
  /** uint8 `[points, 3]` */
  readonly rgb: Uint8Array;
  readonly words: string;
}

/**
 * Colours a cloud.
 *
 * @param points   float32 `[points, 3]`
 * @param seen     how a layer sees the first of the points; null while it is not known
 * @param isPicked whether a point was picked, to whose attention `seen.attention` belongs
 */
export function coloured(
  picture: Picture,
  points: Float32Array,
  seen: AttentionView | null,
  isPicked: boolean,
): Coloured {
  const count = points.length / 3;
  if (picture === 'height') return { rgb: heightColours(points), words: 'The brighter, the higher.' };
  if (picture === 'attention') {
    if (!isPicked) return { rgb: plainColours(count), words: 'Pick a point to see what its cell attends to.' };
    const weights = seen?.attention;
    if (!weights) return { rgb: plainColours(count), words: '…' };
    const attended = new Set(seen.cells.filter((_, point) => weights[point] > 0));
    const largest = Math.max(...weights);
    const words = `Its cell attends to ${counted(attended.size, 'cell')}, by at most ${(100 * largest).toFixed(1)} %: the brighter, the more.`;
    return { rgb: weightColours(count, weights, largest), words };
  }
  if (!seen) return { rgb: plainColours(count), words: '…' };
  const indices = seen[picture];
  const noun = picture === 'windows' ? 'window' : 'group';
  const rule = picture === 'windows' ? 'that order the cells' : 'whose cells attend to each other';
  return { rgb: indexColours(count, indices), words: `${counted(new Set(indices).size, noun)} ${rule}.` };
}
