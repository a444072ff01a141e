export interface TopK {
  inputs: { x: 'float32' };
  outputs: { values: 'float32'; indices: 'int32' };
  attrs: {
    /** Of the outputs' last axis. */
    readonly k: number;
    /** How many of each row, at most k; null: k. */
    readonly counts: Int32Array | null;
    /** Of the last axis of x: all that the gradient needs of x. */
    readonly width: number;
  };
}
