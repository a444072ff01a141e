export interface TopK {
  inputs: { x: 'float32' };
  outputs: { values: 'float32'; indices: 'int32' };
  attrs: {
    readonly k: number;
    /** Of the last axis of x: all that the gradient needs of x. */
    readonly width: number;
  };
}

/** Puts each `dy` where its value came from, into zeros. */
export interface TopKGradient {
  inputs: { dy: 'float32'; indices: 'int32' };
  outputs: { dx: 'float32' };
  attrs: { readonly width: number };
}
