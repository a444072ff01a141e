import { input, type layers, type LayerVariable } from '@tensorflow/tfjs-layers';
import { SparseLayer } from './sparse-layer.js';

/** A layer that is made of layers, whose weights are its own and are called `<its name>/<part's name>/<weight>`. */
export abstract class CompositeLayer extends SparseLayer {
  readonly #parts: layers.Layer[] = [];

  /** Makes the weights of a part, which takes rows of so many channels, and makes them this layer's; for `build`. */
  protected addPart<Part extends layers.Layer>(part: Part, channels: number): Part {
    part.apply(input({ shape: [channels] }));
    this.#parts.push(part);
    return part;
  }

  override get trainableWeights(): LayerVariable[] {
    if (!this.trainable) return [];
    return [...super.trainableWeights, ...this.#parts.flatMap((part) => part.trainableWeights)];
  }

  override set trainableWeights(weights: LayerVariable[]) {
    super.trainableWeights = weights;
  }

  override get nonTrainableWeights(): LayerVariable[] {
    const ofParts = this.#parts.flatMap((part) => (this.trainable ? part.nonTrainableWeights : part.weights));
    return [...super.nonTrainableWeights, ...ofParts];
  }

  override set nonTrainableWeights(weights: LayerVariable[]) {
    super.nonTrainableWeights = weights;
  }

  override get losses(): layers.Layer['losses'] {
    return [...super.losses, ...this.#parts.flatMap((part) => part.losses)];
  }
}
