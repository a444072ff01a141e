/** Gives `values * factor` (of no values 1) where x lies as the gate says, else 0. */
export interface ThresholdGate {
  inputs: { x: 'float32'; threshold: 'float32'; values: 'float32' };
  outputs: { y: 'float32' };
  attrs: Gate;
}

export interface Gate {
  /** null: x > threshold; else: x less than half of this from the threshold. */
  readonly window: number | null;
  readonly factor: number;
}

/** `x where x > threshold, else 0` */
export interface JumpReLU {
  inputs: { x: 'float32'; threshold: 'float32' };
  outputs: { y: 'float32' };
  attrs: { readonly bandwidth: number };
}

/** `1 where x > threshold, else 0` */
export type JumpStep = JumpReLU;
