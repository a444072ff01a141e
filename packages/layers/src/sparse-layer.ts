import { layers } from '@tensorflow/tfjs-layers';
import { withIntegerCoordinates } from './site-inputs.js';

/** Constructor arguments that every Keras layer takes (`name`, `inputShape`, `trainable`, …). */
export type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/** A layer on sparse tensors without a fused op; see `sparseInput` for what it is called with. */
export abstract class SparseLayer extends layers.Layer {
  override apply(...args: Parameters<layers.Layer['apply']>): ReturnType<layers.Layer['apply']> {
    return withIntegerCoordinates(super.apply(...args));
  }
}
