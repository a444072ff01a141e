import { customGrad, type Tensor } from '@tensorflow/tfjs-core';

/** `f(x)`, of x's shape, whose gradient goes to x as if f were not there: the straight-through estimator. */
export function straightThrough(x: Tensor, f: (x: Tensor) => Tensor): Tensor {
  return customGrad((given) => ({ value: f(given as Tensor), gradFunc: (dy: Tensor) => dy.clone() }))(x);
}
