export interface PointRope {
  /** `[sites, heads * channels]` */
  inputs: { x: 'float32' };
  outputs: { y: 'float32' };
  attrs: {
    /** Bits of float32 `[sites, channels / 2, 2]`: cosine and sine of the angle of each pair of channels. */
    readonly turns: Int32Array;
    readonly heads: number;
    readonly axes: number;
    /** Whether angles count negative: the gradient. */
    readonly isBackward: boolean;
  };
}
