import { imageSide, labels, type Label } from '@tfjs-sparse/fashion-mobilenet-90';
import { seededRandom } from '@tfjs-sparse/core';
import { drawShapes, points, type Point, type Shape } from './draw-shapes.js';

/** An image drawn by this file: none of the data set. */
export interface SampleImage {
  readonly label: Label;
  /** uint8 `[28 * 28]`, background 0 */
  readonly pixels: Uint8Array;
}

/** An image of every class, in the order of the labels; the same seed draws the same images. */
export function sampleImages(seed: number): SampleImage[] {
  return labels.map((label, i) => {
    const random = seededRandom(seed + i);
    const shapes = clothes[label](between(random, 150, 230), random);
    return { label, pixels: woven(drawShapes(jittered(shapes, random)), random) };
  });
}

/** The shapes of each class, with proportions drawn. */
const clothes: Record<Label, (brightness: number, random: () => number) => Shape[]> = {
  'T-shirt/top'(brightness, random) {
    const sleeve = between(random, 9, 11);
    const half = points(`10,2 5,4 1,${sleeve} 5,${sleeve + 2} 7.5,9 7.5,26 14,26 14,4`);
    return [...symmetric(half, brightness), neckline(brightness * 0.3)];
  },
  Trouser: (brightness) => symmetric(points('8.5,1 8,14 8,27 12.5,27 13.6,9 14,9 14,1'), brightness),
  Pullover(brightness) {
    const half = points('11,3 6,4 4,8 2.5,25 6.5,26 8.2,13 8.2,26.5 14,26.5 14,4');
    return [...symmetric(half, brightness), neckline(brightness * 0.4)];
  },
  Dress(brightness, random) {
    const hem = between(random, 7, 8.5);
    return symmetric(points(`11,1 10,3 10.5,9 ${hem},27 14,27 14,4 12.2,4 12,1`), brightness);
  },
  Coat(brightness) {
    const half = points('11,1 7,3 5,7 3.5,23 7,24 7.5,27 14,27 14,2');
    const lapel = points('11,1 10.5,4 13.5,11 14,4');
    const front = { outline: points('13.6,8 14.4,8 14.4,27 13.6,27'), brightness: brightness * 0.35 };
    return [...symmetric(half, brightness), ...symmetric(lapel, brightness * 0.7), front];
  },
  Sandal: (brightness) => [
    { outline: points('1,18 27,19 27,21 1,21'), brightness },
    { outline: points('3,18 9,11 11,12 6,18'), brightness },
    { outline: points('12,19 18,9 20,9 15,19'), brightness },
    { outline: points('18,9 26,18 24,19 17,11'), brightness },
  ],
  Shirt(brightness) {
    const half = points('10,2 6,4 2,24 6,25 8,11 8,26 14,26 14,3');
    const placket = { outline: points('13.6,4 14.4,4 14.4,26 13.6,26'), brightness: brightness * 0.4 };
    return [...symmetric(half, brightness), placket, ...symmetric(points('11,1 10,3 13,6 14,4'), brightness * 0.8)];
  },
  Sneaker(brightness, random) {
    const top = between(random, 10, 11.5);
    return [
      { outline: points(`1,16 9,14 17,${top} 20,12.5 24,11 27,12 27,19 1,19`), brightness },
      { outline: points('1,18 27,18 27,20 1,20'), brightness: Math.min(255, brightness * 1.3) },
    ];
  },
  Bag(brightness, random) {
    const top = between(random, 11, 13);
    return [
      { outline: points(`8,${top} 9,5 19,5 20,${top}`), brightness },
      { outline: points(`10,${top} 11,7 17,7 18,${top}`), brightness: 0 },
      { outline: points(`3,${top} 25,${top} 26,25 2,25`), brightness },
    ];
  },
  'Ankle boot'(brightness, random) {
    const shaft = between(random, 2, 4);
    return [
      { outline: points(`14,${shaft} 25,${shaft} 26,24 1,24 1,19 8,16 13,12`), brightness },
      { outline: points('1,23 16,23 17,25 1,25'), brightness: brightness * 0.6 },
      { outline: points('19,23 26,23 26,26 19,26'), brightness: brightness * 0.6 },
    ];
  },
};

function neckline(brightness: number): Shape {
  return { outline: points('10.5,2 17.5,2 16,4.5 12,4.5'), brightness };
}

/** A shape left of the image's axis and its mirror image. */
function symmetric(left: readonly Point[], brightness: number): Shape[] {
  const right = left.map(([x, y]): Point => [imageSide - x, y]);
  return [left, right].map((outline) => ({ outline, brightness }));
}

const jitter = 0.35; // pixels by which each edge of the whole drawing moves at most

/** All shapes moved and stretched together. */
function jittered(shapes: readonly Shape[], random: () => number): Shape[] {
  const [left, top, right, bottom] = [0, 1, 2, 3].map(() => between(random, -jitter, jitter));
  const move = ([x, y]: Point): Point => {
    const [across, down] = [x / imageSide, y / imageSide];
    return [x + left * (1 - across) + right * across, y + top * (1 - down) + bottom * down];
  };
  return shapes.map(({ outline, brightness }) => ({ outline: outline.map(move), brightness }));
}

/** The unevenness of cloth. */
function woven(pixels: Uint8Array, random: () => number): Uint8Array {
  return pixels.map((value) => (value === 0 ? 0 : Math.min(255, Math.max(1, value + between(random, -18, 18)))));
}

function between(random: () => number, low: number, high: number): number {
  return low + (high - low) * random();
}
