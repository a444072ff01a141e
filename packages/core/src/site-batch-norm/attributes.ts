interface NormalizeAttrs {
  /** Added to the variance. */
  readonly epsilon: number;
}

/** Mean and biased variance per channel; zeros without sites. */
export interface SiteMoments {
  inputs: { x: 'float32' };
  outputs: { mean: 'float32'; variance: 'float32' };
  attrs: object;
}

export interface SiteNormalize {
  inputs: { x: 'float32'; mean: 'float32'; variance: 'float32'; scale: 'float32'; offset: 'float32' };
  outputs: { y: 'float32' };
  attrs: NormalizeAttrs;
}

/** `y` is x normalized with its own moments. The gradient to x counts the way through them; they carry none themselves. */
export interface SiteBatchNorm {
  inputs: { x: 'float32'; scale: 'float32'; offset: 'float32' };
  outputs: { y: 'float32'; mean: 'float32'; variance: 'float32' };
  attrs: NormalizeAttrs;
}

/** Per channel the sums over sites of `dy`, and of `dy * (x - mean) / sqrt(variance + epsilon)`. */
export interface SiteNormalizeSums {
  inputs: { dy: 'float32'; x: 'float32'; mean: 'float32'; variance: 'float32' };
  outputs: { sums: 'float32'; products: 'float32' };
  attrs: NormalizeAttrs;
}

/** dx of SiteBatchNorm; `sums` and `products` are those of SiteNormalizeSums. */
export interface SiteBatchNormGradient {
  inputs: {
    dy: 'float32';
    x: 'float32';
    mean: 'float32';
    variance: 'float32';
    scale: 'float32';
    sums: 'float32';
    products: 'float32';
  };
  outputs: { dx: 'float32' };
  attrs: NormalizeAttrs;
}
