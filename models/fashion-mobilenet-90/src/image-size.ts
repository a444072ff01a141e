/** Rows and columns of an image. */
export const imageSide = 28;
