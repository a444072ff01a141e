export type LinearActivation = 'linear' | 'relu' | 'gelu';

export interface Linear {
  /** x `[rows, inner]`, matrix `[inner, columns]`, bias `[columns]` */
  inputs: { x: 'float32'; matrix: 'float32'; bias: 'float32' };
  /** `[rows, columns]` */
  outputs: { y: 'float32' };
  attrs: { readonly activation: LinearActivation };
}

/** The sum over rows of x^T dy. */
export interface RowProducts {
  /** x `[rows, inner]`, dy `[rows, columns]` */
  inputs: { x: 'float32'; dy: 'float32' };
  /** `[inner, columns]` */
  outputs: { products: 'float32' };
  attrs: object;
}
