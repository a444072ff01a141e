import { gather, reshape, serialization, tensor1d, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import { hostValues, requireRange, type Epilogue } from '@tfjs-sparse/core';
import { featureShape, FusedLayer, type FusedArgs } from '@tfjs-sparse/layers';
import { denseElements } from '../pattern/pack-weights.js';
import { randomPattern } from '../pattern/random-pattern.js';
import type { BlockOutputs, SparsityPattern, SparsityPatternOptions } from '../pattern/sparsity-pattern.js';
import { decodePattern, encodePattern } from '../pattern/stored-pattern.js';

/** What every layer with sparse weights takes; the initializer makes the dense matrix of which the kept weights are taken. */
export interface SparseWeightsArgs extends FusedArgs {
  /** Consecutive outputs that share their pattern: 1, 2, 4 or 8; default 1. */
  blockOutputs?: BlockOutputs;
  /** Of the random pattern that a new layer starts from; default 0. */
  seed?: number;
}

/**
 * A layer whose weights are `values` `[blocks, blockOutputs]` (trainable), `bias` `[outputs]` and `pattern`, the encoded
 * positions as int32 words (see `encodePattern`). Training changes the values, never the pattern. Zeros are not saved.
 * With `[x, residual]` as its inputs, a residual in the shape of the output is added before the activation.
 */
export abstract class SparseWeightsLayer extends FusedLayer {
  protected readonly blockOutputs: BlockOutputs;
  private readonly seed: number;
  private values: LayerVariable | undefined;
  private words: LayerVariable | undefined;
  private patternOptions: SparsityPatternOptions | undefined;
  private decoded: { readonly dataId: object; readonly pattern: SparsityPattern } | undefined;

  constructor(args: SparseWeightsArgs) {
    super(args, 'glorotNormal');
    this.blockOutputs = args.blockOutputs ?? 1;
    this.seed = args.seed ?? 0;
  }

  /** Units or filters. */
  protected abstract readonly outFeatures: number;

  /** Inputs of the matrix of weights, of so many channels of x. */
  protected inFeaturesOf(channels: number): number {
    return channels;
  }

  /** What is known of the pattern besides its size. */
  protected abstract groupsOf(): SparsityPatternOptions['groups'];

  /** Blocks that a pattern of so many inputs keeps, and words that it takes; null for words that follow from drawing it. */
  protected abstract storedSize(options: SparsityPatternOptions): {
    readonly blocks: number;
    readonly words: number | null;
  };

  protected abstract multiply(x: Tensor, values: Tensor2D, pattern: SparsityPattern, epilogue: Epilogue): Tensor;

  override build(inputShape: Shape | Shape[]): void {
    const inFeatures = this.inFeaturesOf(lastSize(this.name, inputShape));
    const { outFeatures, blockOutputs } = this;
    this.patternOptions = { inFeatures, outFeatures, blockOutputs, groups: this.groupsOf() };
    const { blocks, words } = this.storedSize(this.patternOptions);
    const drawn = randomPattern(this.patternOptions, blocks, this.seed);
    const encoded = encodePattern(drawn);
    const isDrawn = words === null || words === encoded.length;
    const wordCount = words ?? encoded.length;
    const shape = [blocks, blockOutputs];
    const initialValues = new Given(() => this.drawValues(drawn));
    const { kernelRegularizer, kernelConstraint } = this;
    // Other constraints look at whole columns of the dense kernel, when weights are set; sparse ones were set within them.
    const constraint = kernelConstraint?.getClassName() === 'NonNeg' ? kernelConstraint : undefined;
    this.values = this.addWeight('values', shape, 'float32', initialValues, kernelRegularizer, true, constraint);
    this.buildBias(outFeatures);
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
      const values = this.values!.read() as Tensor2D;
      return this.activated(this.multiply(x, values, this.pattern, { ...this.epilogue, residual }));
    });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), blockOutputs: this.blockOutputs, seed: this.seed };
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
