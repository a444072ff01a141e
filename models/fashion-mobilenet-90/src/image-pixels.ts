import { Tensor } from '@tensorflow/tfjs-core';
import { kindOf, requireRange, requireType } from '@tfjs-sparse/core';
import { imageSide } from './image-size.js';

/** An image `[28, 28]`, 0 to 255: flat, row by row, as rows, or as a tensor, also with axes of size 1. 0 is background. */
export type ClothingImage = ArrayLike<number> | readonly ArrayLike<number>[] | Tensor;

/**
 * The pixels of an image, flat.
 *
 * @throws RangeError or TypeError for rows and tensors of another size
 */
export async function pixelsOf(op: string, image: ClothingImage): Promise<ArrayLike<number>> {
  if (image instanceof Tensor) {
    const sizes = image.shape.filter((size) => size !== 1);
    const isImage = sizes.length === 2 && sizes.every((size) => size === imageSide);
    requireRange(isImage, op, `the shape of an image must be [${imageSide}, ${imageSide}]`, image.shape);
    return image.data();
  }
  const isList = typeof image === 'object' && image !== null && 'length' in image;
  requireType(isList, op, 'an image must be pixels, rows of them or a tensor', kindOf(image));
  return areRows(image) ? ofRows(op, image) : image;
}

function areRows(image: Exclude<ClothingImage, Tensor>): image is readonly ArrayLike<number>[] {
  return typeof image[0] === 'object' && image[0] !== null;
}

function ofRows(op: string, rows: readonly ArrayLike<number>[]): number[] {
  const odd = rows.findIndex((row) => row?.length !== imageSide);
  const found = odd < 0 ? `${rows.length} rows` : `${rows[odd]?.length ?? kindOf(rows[odd])} in row ${odd}`;
  const isImage = rows.length === imageSide && odd < 0;
  requireRange(isImage, op, `an image must have ${imageSide} rows of ${imageSide} pixels`, found);
  return rows.flatMap((row) => Array.from(row));
}
