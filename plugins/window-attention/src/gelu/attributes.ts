/** `none`: with the normal distribution itself; `tanh`: with a hyperbolic tangent near it. */
export type GeluApproximation = 'none' | 'tanh';

export interface Gelu {
  inputs: { x: 'float32' };
  outputs: { y: 'float32' };
  attrs: { readonly approximation: GeluApproximation };
}

export interface GeluGradient {
  inputs: { x: 'float32'; dy: 'float32' };
  outputs: { dx: 'float32' };
  attrs: { readonly approximation: GeluApproximation };
}
