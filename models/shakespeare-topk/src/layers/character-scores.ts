import {
  reshape,
  tidy,
  type serialization,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { addBias, product } from './affine.js';
import { lastOf, onlyInput } from './shapes.js';

type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

export interface CharacterScoresArgs extends LayerArgs {
  /** Size of the alphabet. */
  characters: number;
}

/** The logits of the next character: `[batch, length, width]` to `[batch, length, characters]`. */
export class CharacterScores extends layers.Layer {
  static className = 'CharacterScores';
  private readonly characters: number;
  private kernel: LayerVariable | undefined;
  private bias: LayerVariable | undefined;

  constructor(args: CharacterScoresArgs) {
    super(args);
    this.characters = args.characters;
  }

  override build(inputShape: Shape | Shape[]): void {
    const { characters } = this;
    const shape = [lastOf(inputShape), characters];
    this.kernel = this.addWeight('kernel', shape, 'float32', initializers.glorotUniform({}));
    this.bias = this.addWeight('bias', [characters], 'float32', initializers.zeros());
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = onlyInput(inputs) as Tensor3D;
      const [batch, length, width] = x.shape;
      const rows = reshape(x, [batch * length, width]) as Tensor2D;
      const scores = addBias(product(rows, this.kernel!.read() as Tensor2D), this.bias!.read() as Tensor1D);
      return reshape(scores, [batch, length, this.characters]);
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [...(inputShape as Shape).slice(0, -1), this.characters];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), characters: this.characters };
  }
}
