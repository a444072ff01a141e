import {
  add,
  cast,
  oneHot,
  reshape,
  slice,
  tidy,
  type serialization,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { product } from './affine.js';
import { onlyInput } from './shapes.js';

type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

export interface CharacterEmbeddingArgs extends LayerArgs {
  /** Size of the alphabet. */
  characters: number;
  /** Places that a character can have. */
  places: number;
  /** Of the residual stream. */
  width: number;
}

/** A vector for each character plus one for its place: indices `[batch, length]` to `[batch, length, width]`. */
export class CharacterEmbedding extends layers.Layer {
  static className = 'CharacterEmbedding';
  private readonly sizes: { readonly characters: number; readonly places: number; readonly width: number };
  private ofCharacters: LayerVariable | undefined;
  private ofPlaces: LayerVariable | undefined;

  constructor(args: CharacterEmbeddingArgs) {
    super(args);
    const { characters, places, width } = args;
    this.sizes = { characters, places, width };
  }

  override build(inputShape: Shape | Shape[]): void {
    const { characters, places, width } = this.sizes;
    const vectors = (name: string, count: number) =>
      this.addWeight(name, [count, width], 'float32', initializers.randomNormal({ mean: 0, stddev: 0.02 }));
    this.ofCharacters = vectors('characters', characters);
    this.ofPlaces = vectors('places', places);
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const indices = onlyInput(inputs) as Tensor2D;
      const [batch, length] = indices.shape;
      const { characters, places, width } = this.sizes;
      requireRange(length <= places, this.name, `a text must have at most ${places} characters`, length);
      const flat = reshape(cast(indices, 'int32'), [batch * length]) as Tensor1D;
      // By a product, as tfjs' wasm backend has no gradient of gather; cast, as its float32 oneHot holds the bits of integers.
      const chosen = cast(oneHot(flat, characters), 'float32') as Tensor2D;
      const vectors = product(chosen, this.ofCharacters!.read() as Tensor2D);
      const ofPlaces = slice(this.ofPlaces!.read(), [0, 0], [length, width]);
      return add(reshape(vectors, [batch, length, width]), ofPlaces);
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [...(inputShape as Shape), this.sizes.width];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...this.sizes };
  }
}
