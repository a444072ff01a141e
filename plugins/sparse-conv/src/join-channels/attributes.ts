export interface JoinChannels {
  inputs: { a: 'float32'; b: 'float32' };
  outputs: { y: 'float32' };
  attrs: object;
}

export interface TakeChannels {
  inputs: { x: 'float32' };
  outputs: { y: 'float32' };
  attrs: { readonly start: number; readonly count: number };
}
