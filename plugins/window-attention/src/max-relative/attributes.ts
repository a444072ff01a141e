interface Attributes {
  /** Distance of neighbours along an axis, in pixels. */
  readonly step: number;
}

export interface MaxRelative {
  /** `[batches, height, width, channels]` */
  inputs: { x: 'float32' };
  /** y like x; of each of its numbers the place `row * width + column` of the neighbour that it comes from, or -1 */
  outputs: { y: 'float32'; nearest: 'int32' };
  attrs: Attributes;
}

export interface MaxRelativeGradient {
  inputs: { dy: 'float32'; nearest: 'int32' };
  outputs: { dx: 'float32' };
  attrs: Attributes;
}
