import {
  gather,
  reshape,
  tensor1d,
  tidy,
  serialization,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { hostValues, isFusedActivation, requireRange, type Epilogue } from '@tfjs-sparse/core';
import {
  activationOf,
  featureShape,
  initializerOf,
  regularizerOf,
  serialized,
  type Activation,
  type Identifier,
  type Initializer,
  type LayerArgs,
  type Regularizer,
} from '@tfjs-sparse/layers';
import { denseElements } from '../pattern/pack-weights.js';
import { randomPattern } from '../pattern/random-pattern.js';
import type { BlockOutputs, SparsityPattern, SparsityPatternOptions } from '../pattern/sparsity-pattern.js';
import { decodePattern, encodePattern } from '../pattern/stored-pattern.js';

/** What every layer with sparse weights takes. */
export interface SparseWeightsArgs extends LayerArgs {
  /** Consecutive outputs that share their pattern: 1, 2, 4 or 8; default 1. */
  blockOutputs?: BlockOutputs;
  /** Of the random pattern that a new layer starts from; default 0. */
  seed?: number;
  /** Default true. */
  useBias?: boolean;
  /** Any activation of tfjs; `relu` and `relu6` are fused. Default none. */
  activation?: Identifier<Activation>;
  /** Of the dense matrix, of which the kept weights are taken; default `glorotNormal`. */
  kernelInitializer?: Identifier<Initializer>;
  /** Default `zeros`. */
  biasInitializer?: Identifier<Initializer>;
  /** Of the kept weights; default none. */
  kernelRegularizer?: Identifier<Regularizer>;
}

/**
 * A layer whose weights are `values` `[blocks, blockOutputs]` (trainable), `bias` `[outputs]` and `pattern`, the encoded
 * positions as int32 words (see `encodePattern`). Training changes the values, never the pattern. Zeros are not saved.
 * With `[x, residual]` as its inputs, a residual in the shape of the output is added before the activation.
 */
export abstract class SparseWeightsLayer extends layers.Layer {
  protected readonly blockOutputs: BlockOutputs;
  private readonly seed: number;
  private readonly useBias: boolean;
  private readonly activation: Activation | null;
  private readonly kernelInitializer: Initializer;
  private readonly biasInitializer: Initializer;
  private readonly kernelRegularizer: Regularizer | undefined;
  private values: LayerVariable | undefined;
  private words: LayerVariable | undefined;
  private bias: LayerVariable | undefined;
  private patternOptions: SparsityPatternOptions | undefined;
  private decoded: { readonly dataId: object; readonly pattern: SparsityPattern } | undefined;

  constructor(args: SparseWeightsArgs) {
    super(args);
    this.blockOutputs = args.blockOutputs ?? 1;
    this.seed = args.seed ?? 0;
    this.useBias = args.useBias ?? true;
    this.activation = activationOf(args.activation);
    this.kernelInitializer = initializerOf(args.kernelInitializer ?? 'glorotNormal');
    this.biasInitializer = initializerOf(args.biasInitializer ?? 'zeros');
    this.kernelRegularizer = regularizerOf(args.kernelRegularizer);
  }

  /** Units or filters. */
  protected abstract readonly outFeatures: number;

  /** What is known of the pattern besides its size. */
  protected abstract groupsOf(): SparsityPatternOptions['groups'];

  /** Blocks that a pattern of so many inputs keeps, and words that it takes; null for words that follow from drawing it. */
  protected abstract storedSize(options: SparsityPatternOptions): {
    readonly blocks: number;
    readonly words: number | null;
  };

  protected abstract multiply(x: Tensor, values: Tensor2D, pattern: SparsityPattern, epilogue: Epilogue): Tensor;

  override build(inputShape: Shape | Shape[]): void {
    const inFeatures = lastSize(this.name, inputShape);
    const { outFeatures, blockOutputs } = this;
    this.patternOptions = { inFeatures, outFeatures, blockOutputs, groups: this.groupsOf() };
    const { blocks, words } = this.storedSize(this.patternOptions);
    const drawn = randomPattern(this.patternOptions, blocks, this.seed);
    const encoded = encodePattern(drawn);
    const isDrawn = words === null || words === encoded.length;
    const wordCount = words ?? encoded.length;
    const shape = [blocks, blockOutputs];
    const initialValues = new Given(() => this.drawValues(drawn));
    this.values = this.addWeight('values', shape, 'float32', initialValues, this.kernelRegularizer);
    if (this.useBias) this.bias = this.addWeight('bias', [outFeatures], 'float32', this.biasInitializer);
    const initialWords = new Given(() => tensor1d(isDrawn ? encoded : new Int32Array(wordCount), 'int32'));
    this.words = this.addWeight('pattern', [wordCount], 'int32', initialWords, undefined, false);
    super.build(inputShape);
  }

  /** Where the kept weights are. */
  get pattern(): SparsityPattern {
    const words = this.words!.read();
    if (this.decoded?.dataId !== words.dataId) {
      const values = hostValues(words, this.name, 'pattern') as Int32Array;
      const pattern = decodePattern(values, this.values!.shape[0]!, this.patternOptions!);
      this.decoded = { dataId: words.dataId, pattern };
    }
    return this.decoded.pattern;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const [x, residual] = [inputs].flat();
      const name = this.activation?.getClassName() ?? 'linear';
      const isFused = isFusedActivation(name);
      const y = this.multiply(x, this.values!.read() as Tensor2D, this.pattern, {
        bias: this.bias?.read() as Tensor1D | undefined,
        residual,
        activation: isFused ? name : 'linear',
      });
      return isFused ? y : this.activation!.apply(y);
    });
  }

  override getConfig(): serialization.ConfigDict {
    return {
      ...super.getConfig(),
      blockOutputs: this.blockOutputs,
      seed: this.seed,
      useBias: this.useBias,
      activation: serialized(this.activation),
      kernelInitializer: serialized(this.kernelInitializer),
      biasInitializer: serialized(this.biasInitializer),
      kernelRegularizer: serialized(this.kernelRegularizer),
    };
  }

  /** Blocks and words of the weights, once built. */
  protected get builtSize(): { readonly blocks: number; readonly words: number } | null {
    return this.values && this.words ? { blocks: this.values.shape[0]!, words: this.words.shape[0]! } : null;
  }

  private drawValues(pattern: SparsityPattern): Tensor {
    return tidy(() => {
      const dense = this.kernelInitializer.apply([pattern.inFeatures, pattern.outFeatures], 'float32');
      const kept = gather(reshape(dense, [-1]), tensor1d(denseElements(pattern), 'int32'));
      return reshape(kept, [pattern.blockCount, pattern.blockOutputs]);
    });
  }
}

/** An initial value that is made elsewhere. */
class Given extends serialization.Serializable {
  static className = 'Given';

  constructor(private readonly make: () => Tensor) {
    super();
  }

  apply(): Tensor {
    return this.make();
  }

  getConfig(): serialization.ConfigDict {
    return {};
  }

  fromConfigUsesCustomObjects(): boolean {
    return false;
  }
}

function lastSize(name: string, inputShape: Shape | Shape[]): number {
  const shape = featureShape(inputShape);
  const size = shape[shape.length - 1];
  requireRange(typeof size === 'number', name, 'the last axis of the input must be known', size);
  return size!;
}
