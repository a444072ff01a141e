export interface ToDense {
  inputs: { values: 'float32'; indices: 'int32' };
  outputs: { dense: 'float32' };
  attrs: { readonly width: number };
}

/** Gives the values of x at the entries. */
export interface TakeEntries {
  inputs: { x: 'float32'; indices: 'int32' };
  outputs: { values: 'float32' };
  attrs: Record<never, never>;
}
