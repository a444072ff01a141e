import { imageSide } from '@tfjs-sparse/fashion-mobilenet-90';
import { seededRandom } from '@tfjs-sparse/core';

const count = 6;

/** Images for the packs' goldens, drawn from a seed: rectangles of noise, not images of the data set. */
export function goldenImages(): Uint8Array[] {
  const random = seededRandom(28);
  const below = (limit: number) => Math.floor(random() * limit);
  return Array.from({ length: count }, () => {
    const [top, left] = [2 + below(8), 2 + below(8)];
    const [bottom, right] = [imageSide - 2 - below(8), imageSide - 2 - below(8)];
    const brightness = 80 + below(120);
    return Uint8Array.from({ length: imageSide * imageSide }, (_, pixel) => {
      const [row, column] = [Math.floor(pixel / imageSide), pixel % imageSide];
      const isInside = row >= top && row < bottom && column >= left && column < right;
      return isInside ? brightness + below(55) : 0;
    });
  });
}
