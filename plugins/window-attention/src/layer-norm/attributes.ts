export interface LayerNorm {
  /** x `[rows, channels]`, scale and offset `[channels]` */
  inputs: { x: 'float32'; scale: 'float32'; offset: 'float32' };
  /** y like x; statistics `[rows, 2]`: mean and 1 / sqrt(variance + epsilon) */
  outputs: { y: 'float32'; statistics: 'float32' };
  attrs: { readonly epsilon: number };
}

export interface LayerNormGradient {
  /** x, dy `[rows, channels]`, scale `[channels]`, statistics `[rows, 2]` */
  inputs: { x: 'float32'; scale: 'float32'; statistics: 'float32'; dy: 'float32' };
  /** Like x: dx, and dy times the normalised x, whose sum over rows is that of the scale. */
  outputs: { dx: 'float32'; ofScale: 'float32' };
  attrs: object;
}
