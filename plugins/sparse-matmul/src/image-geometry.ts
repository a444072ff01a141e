import { backend_util } from '@tensorflow/tfjs-core';

/** Padding as tfjs' convolutions take it; a list is `[[0, 0], [top, bottom], [left, right], [0, 0]]`. */
export type Padding = 'same' | 'valid' | number | backend_util.ExplicitPadding;

/** Padding as nodes of graphs have it. */
export type NodePadding = {
  readonly padding: 'same' | 'valid' | 'explicit';
  /** `[top, bottom, left, right]`, where it is explicit. */
  readonly pads: [number, number, number, number];
};

export function paddingOf({ padding, pads: [top, bottom, left, right] }: NodePadding): Padding {
  if (padding !== 'explicit') return padding;
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

/**
 * Where the windows of a convolution over images `[batch, height, width, channels]` lie. Kernels and shaders take the
 * numbers by these names.
 */
export interface ImageGeometry {
  readonly batch: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  /** Pixels from one place of the filter to the next; 1 but for `sparseConv2D`. */
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  /** Zero rows above the image; as many as needed are below. */
  readonly padTop: number;
  readonly padLeft: number;
}

/** @param filterSize `[height, width]` */
export function imageGeometry(
  [batch, inHeight, inWidth, channels]: readonly number[],
  [filterHeight, filterWidth]: readonly number[],
  strides: number | [number, number],
  padding: Padding,
  dimRoundingMode?: 'floor' | 'round' | 'ceil',
  dilations: number | [number, number] = 1,
): ImageGeometry {
  const info = backend_util.computeConv2DInfo(
    [batch, inHeight, inWidth, channels],
    [filterHeight, filterWidth, channels, 1],
    strides,
    dilations,
    padding,
    dimRoundingMode,
  );
  return {
    batch,
    inHeight,
    inWidth,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    filterHeight,
    filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    dilationHeight: info.dilationHeight,
    dilationWidth: info.dilationWidth,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
  };
}

/** One pixel of the input in the window of one pixel of the output. */
export interface WindowPixel {
  /** Index of the output pixel in `[batch, outHeight, outWidth]`. */
  readonly outPixel: number;
  /** Index of the input pixel in `[batch, inHeight, inWidth]`. */
  readonly inPixel: number;
  /** Index in `[filterHeight, filterWidth]`. */
  readonly place: number;
}

/** All pixels of all windows that lie inside the images, output pixel by output pixel: for the plain kernels. */
export function* windowPixels(g: ImageGeometry): Generator<WindowPixel> {
  for (let image = 0; image < g.batch; image++) {
    for (let row = 0; row < g.outHeight; row++) {
      for (let column = 0; column < g.outWidth; column++) {
        for (let place = 0; place < g.filterHeight * g.filterWidth; place++) {
          const inRow = row * g.strideHeight + Math.floor(place / g.filterWidth) * g.dilationHeight - g.padTop;
          const inColumn = column * g.strideWidth + (place % g.filterWidth) * g.dilationWidth - g.padLeft;
          if (inRow < 0 || inRow >= g.inHeight || inColumn < 0 || inColumn >= g.inWidth) continue;
          yield {
            outPixel: (image * g.outHeight + row) * g.outWidth + column,
            inPixel: (image * g.inHeight + inRow) * g.inWidth + inColumn,
            place,
          };
        }
      }
    }
  }
}
