/** The options of a convolution that halves the grid in three dimensions. */
export const halving = {
  kernelSize: [2, 2, 2],
  strides: [2, 2, 2],
  padding: [0, 0, 0],
  outputRule: 'covering',
} as const;
