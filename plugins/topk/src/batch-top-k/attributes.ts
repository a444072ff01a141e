export interface BatchTopK {
  /** `[elements]` */
  inputs: { x: 'float32' };
  /** `[count]` each */
  outputs: { values: 'float32'; indices: 'int32' };
  attrs: {
    readonly count: number;
    /** Of x: all that the gradient needs of it. */
    readonly elements: number;
  };
}
