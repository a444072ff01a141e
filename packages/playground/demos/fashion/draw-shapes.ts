import { imageSide } from '@tfjs-sparse/fashion-mobilenet-90';

export type Point = readonly [x: number, y: number];

/** An area of one brightness, in pixels from the image's upper left corner; x to the right, y down. */
export interface Shape {
  readonly outline: readonly Point[];
  /** 0 to 255; later shapes cover earlier ones, so 0 cuts a hole. */
  readonly brightness: number;
}

/** The points of a text such as `1,2.5 3,4`. */
export function points(text: string): Point[] {
  return text.split(' ').map((point): Point => {
    const [x, y] = point.split(',').map(Number);
    return [x, y];
  });
}

const samplesPerSide = 4; // of a pixel: edges get 16 levels

/** @returns uint8 `[28 * 28]`, background 0 */
export function drawShapes(shapes: readonly Shape[]): Uint8Array {
  const topFirst = [...shapes].reverse();
  return Uint8Array.from({ length: imageSide ** 2 }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / imageSide), pixel % imageSide];
    let sum = 0;
    for (let sample = 0; sample < samplesPerSide ** 2; sample++) {
      const x = column + ((sample % samplesPerSide) + 0.5) / samplesPerSide;
      const y = row + (Math.floor(sample / samplesPerSide) + 0.5) / samplesPerSide;
      sum += topFirst.find(({ outline }) => isInside(outline, x, y))?.brightness ?? 0;
    }
    return Math.round(sum / samplesPerSide ** 2);
  });
}

/** Whether a ray to the right crosses the outline an odd number of times. */
function isInside(outline: readonly Point[], x: number, y: number): boolean {
  let isOdd = false;
  outline.forEach(([endX, endY], i) => {
    const [startX, startY] = outline.at(i - 1)!;
    const crosses = startY > y !== endY > y && x < startX + ((y - startY) / (endY - startY)) * (endX - startX);
    if (crosses) isOdd = !isOdd;
  });
  return isOdd;
}
