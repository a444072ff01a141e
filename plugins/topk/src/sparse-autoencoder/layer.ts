import {
  broadcastTo,
  div,
  exp,
  greater,
  log,
  maximum,
  norm,
  reshape,
  tidy,
  type serialization,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { initializers, input, layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { requireRange, stopGradient } from '@tfjs-sparse/core';
import { lastAxis, onlyInput, type LayerArgs } from '../activation-layer/activation-layer.js';
import { movedThreshold } from '../batch-top-k/layer.js';
import { rowsOf } from '../k-sparse/rows-of.js';
import type { AutoencoderCode } from './code.js';
import { autoencoderLoss, needsPreActivations, requireLoss, type AutoencoderLoss } from './losses.js';
import { autoencode, type Autoencoded } from './op.js';
import { requireSettings, type AutoencoderSettings, settingsOf } from './settings.js';
import { rowMean } from './statistics.js';
import { tokensSinceFired } from './training.js';
import type { AutoencoderWeights } from './weights.js';

export interface SparseAutoencoderArgs extends LayerArgs, Partial<AutoencoderSettings> {
  /** Rows of the dictionary. */
  features: number;
  /** Of the output, where it is not the input's: a transcoder. Default the input's width. */
  outWidth?: number;
  /** Whether a transcoder adds a linear map of its input; default false. */
  skip?: boolean;
  /** Whether the decoder is the encoder's matrix; default false. */
  tied?: boolean;
  /** What `loss` adds up; default the sum of squares. */
  loss?: AutoencoderLoss;
  /** Rows after which a feature that was not active counts as dead; default 10,000,000. */
  deadAfter?: number;
  /** How much of the running threshold of `batchTopK` stays at each step; default 0.99. */
  thresholdMomentum?: number;
  /** Where the thresholds of `jumpRelu` begin, above 0; default 0.01. */
  initialThreshold?: number;
  /**
   * Whether the decoder's rows are used at length 1, whatever the weight's is (openai, sparsify and dictionary_learning set
   * them to it after each step; tfjs' fit applies no constraints); default false.
   */
  unitNorm?: boolean;
  /** Of the first weights; default 0. */
  seed?: number;
}

/**
 * A sparse autoencoder or transcoder: `[..., width]` to its reconstruction `[..., outWidth]`. All weights have a row per
 * feature. The encoder begins as a copy of the decoder, whose rows have length 1 (a transcoder's decoder begins at 0).
 *
 * It is trained like any layer, `model.compile({ optimizer, loss: layer.loss })`: AuxK, sparsity and the other terms read
 * what the layer computed in the same step. While it is trained it counts the rows since each feature was active, and moves
 * the threshold by which `batchTopK` chooses outside of training.
 */
export class SparseAutoencoder extends layers.Layer {
  static className = 'SparseAutoencoder';
  readonly settings: AutoencoderSettings;
  private readonly args: Required<
    Omit<SparseAutoencoderArgs, keyof LayerArgs | keyof AutoencoderSettings | 'outWidth'>
  >;
  private outWidth: number | undefined;
  private readonly variables: Partial<Record<VariableName, LayerVariable>> = {};
  private latest: LatestCall | null = null;

  constructor(args: SparseAutoencoderArgs) {
    super(args);
    const {
      features,
      outWidth,
      skip = false,
      tied = false,
      loss = {},
      deadAfter = 1e7,
      thresholdMomentum = 0.99,
    } = args;
    const { initialThreshold = 0.01, unitNorm = false, seed = 0 } = args;
    const isCount = Number.isInteger(features) && features > 0;
    requireRange(isCount, 'SparseAutoencoder', 'features must be an integer from 1', features);
    requireRange(!tied || outWidth == null, 'SparseAutoencoder', 'outWidth must not be given with tied', outWidth);
    requireRange(deadAfter > 0, 'SparseAutoencoder', 'deadAfter must be above 0', deadAfter);
    requireRange(initialThreshold > 0, 'SparseAutoencoder', 'initialThreshold must be above 0', initialThreshold);
    const isShare = thresholdMomentum >= 0 && thresholdMomentum < 1;
    requireRange(isShare, 'SparseAutoencoder', 'thresholdMomentum must be from 0, below 1', thresholdMomentum);
    this.outWidth = outWidth ?? undefined; // null in a saved config
    this.settings = settingsOf(args);
    requireSettings('SparseAutoencoder', this.settings, features);
    requireLoss('SparseAutoencoder', loss, this.settings);
    this.args = { features, skip, tied, loss, deadAfter, thresholdMomentum, initialThreshold, unitNorm, seed };
  }

  /** Makes its weights before it is part of a network, under the names by which a saved network finds them again. */
  buildAlone(inputShape: Shape): void {
    this.apply(input({ batchShape: inputShape }));
    this.inboundNodes.length = 0;
    this._refCount = null; // networks count from here, so that the last one frees the weights
  }

  override build(inputShape: Shape | Shape[]): void {
    const width = lastAxis(inputShape);
    const { features, skip, tied, initialThreshold } = this.args;
    const { activation } = this.settings;
    const outWidth = this.outWidth ?? width;
    this.outWidth = outWidth;
    const add = (name: VariableName, shape: Shape, value = 0, isTrained = true) => {
      const initializer = initializers.constant({ value });
      this.variables[name] = this.addWeight(name, shape, 'float32', initializer, undefined, isTrained);
    };
    add('encoder', [features, width]);
    if (!tied) add('decoder', [features, outWidth]);
    if (activation === 'gated') {
      add('gateBias', [features]);
      add('magnitudeBias', [features]);
      add('magnitudeScale', [features]);
    } else add('encoderBias', [features]);
    add('decoderBias', [outWidth]);
    if (activation === 'jumpRelu') add('logThreshold', [features], Math.log(initialThreshold));
    if (activation === 'batchTopK') add('threshold', [], -1, false);
    if (skip) add('skip', [outWidth, width]);
    add('tokensSinceFired', [features], 0, false);
    this.initialize(width);
    super.build(inputShape);
  }

  /** Rows of length 1 in random directions. */
  private initialize(width: number): void {
    tidy(() => {
      const { features, seed } = this.args;
      const drawn = initializers.randomNormal({ mean: 0, stddev: 1, seed }).apply([features, width]);
      const unit = div(drawn, norm(drawn, 'euclidean', 1, true));
      this.variables.encoder!.write(unit);
      if (this.outWidth === width && this.variables.decoder) this.variables.decoder.write(unit);
    });
  }

  override call(inputs: Tensor | Tensor[], kwargs: { training?: boolean } = {}): Tensor {
    const given = onlyInput(inputs);
    if (kwargs.training !== true) {
      const output = tidy(() => this.shaped(this.run(flat(given), false), given));
      this.latest = { given, output, made: null };
      return output;
    }
    // Not in a tidy: the loss of the same step reads what is made here, and fit frees it.
    const made = this.run(flat(given), true);
    tidy(() => this.moveState(made.code));
    const output = this.shaped(made, given);
    this.latest = { given, output, made };
    return output;
  }

  private shaped({ reconstruction }: Autoencoded, given: Tensor): Tensor {
    return reshape(reconstruction, [...given.shape.slice(0, -1), this.outWidth!]);
  }

  /** The active features of each row of x, `[rows, width]`, as outside of training. */
  encode(x: Tensor2D): AutoencoderCode {
    let code: AutoencoderCode | null = null;
    tidy(() => {
      const made = this.run(x, false).code;
      code = made;
      const { entries, dense, preActivations } = made;
      return [entries?.values, entries?.indices, dense, preActivations].filter((each) => each != null);
    });
    return code!;
  }

  /** Its weights, as `autoencode` takes them with `settings`; of `batchTopK` what it is trained with. */
  autoencoderWeights(): AutoencoderWeights {
    const { encoder, decoder, logThreshold } = this.variables;
    const read = vectorNames.flatMap((name) => {
      const variable = this.variables[name];
      return variable ? [[name, variable.read()] as const] : [];
    });
    return {
      encoder: encoder!.read() as Tensor2D,
      decoder: (decoder ?? encoder)!.read() as Tensor2D,
      ...Object.fromEntries(read),
      ...(logThreshold ? { threshold: exp(logThreshold.read()) as Tensor1D } : {}),
    };
  }

  /**
   * Sets one weight; the `threshold` of `jumpRelu` is stored as its logarithm.
   *
   * @param role what errors call it
   * @throws RangeError for another shape than the weight's
   */
  setWeight(name: string, values: Tensor, role: string): void {
    const isLogarithm = name === 'threshold' && this.variables.threshold === undefined;
    const variable = this.variables[(isLogarithm ? 'logThreshold' : name) as VariableName]!;
    const isFitting = variable.shape.join() === values.shape.join();
    requireRange(isFitting, 'SparseAutoencoder', `${role} must be [${variable.shape.join(', ')}]`, values.shape);
    tidy(() => {
      variable.write(isLogarithm ? log(values) : values);
    });
  }

  /** Puts the decoder's bias at the mean of some inputs (of a transcoder, targets): a good place to begin from. */
  centreOn(x: Tensor2D): void {
    tidy(() => {
      this.variables.decoderBias!.write(rowMean(x));
    });
  }

  /**
   * For `model.compile`: the terms of `SparseAutoencoderArgs.loss`.
   *
   * @throws Error unless yPred is what the layer gave out last
   */
  readonly loss = (yTrue: Tensor, yPred: Tensor): Tensor => {
    const { latest } = this;
    if (latest?.output !== yPred) {
      throw new Error('SparseAutoencoder: loss must be given the output of its latest call, got another tensor');
    }
    this.latest = null;
    return tidy(() => {
      const x = flat(latest.given);
      const made = latest.made ?? this.run(x, false, needsPreActivations(this.args.loss));
      const y = reshape(yTrue, made.reconstruction.shape) as Tensor2D;
      const dead = greater(this.variables.tokensSinceFired!.read(), this.args.deadAfter) as Tensor1D;
      const weights = this.usedWeights();
      return autoencoderLoss(x, y, made, weights, this.settings, this.args.loss, dead).total;
    });
  };

  private run(
    x: Tensor2D,
    isTraining: boolean,
    withPreActivations = isTraining && needsPreActivations(this.args.loss),
  ): Autoencoded {
    if (isTraining || this.settings.activation !== 'batchTopK') {
      return autoencode(x, this.usedWeights(), this.settings, { withPreActivations });
    }
    const limit = maximum(this.variables.threshold!.read(), 0);
    const threshold = broadcastTo(limit, [this.args.features]) as Tensor1D;
    const settings: AutoencoderSettings = { ...this.settings, k: undefined, activation: 'jumpRelu' };
    return autoencode(x, { ...this.usedWeights(), threshold }, settings, { withPreActivations });
  }

  private usedWeights(): AutoencoderWeights {
    const weights = this.autoencoderWeights();
    if (!this.args.unitNorm) return weights;
    const { decoder } = weights;
    return { ...weights, decoder: div(decoder, norm(decoder, 'euclidean', 1, true)) };
  }

  private moveState(code: AutoencoderCode): void {
    const { tokensSinceFired: tokens, threshold } = this.variables;
    tokens!.write(tokensSinceFired(tokens!.read() as Tensor1D, code));
    if (threshold) {
      const values = stopGradient(code.entries!.values);
      threshold.write(movedThreshold(threshold.read(), values, this.args.thresholdMomentum));
    }
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
    return [...shape.slice(0, -1), this.outWidth ?? lastAxis(inputShape)];
  }

  override getConfig(): serialization.ConfigDict {
    const { loss, ...args } = this.args;
    const outWidth = args.tied ? null : (this.outWidth ?? null);
    const saved = { ...super.getConfig(), ...args, ...this.settings, outWidth };
    return { ...saved, loss: loss as serialization.ConfigDict };
  }
}

/** What the loss is asked about next. */
interface LatestCall {
  readonly given: Tensor;
  readonly output: Tensor;
  /** Of a step of training; outside of it the loss computes again what it needs. */
  readonly made: Autoencoded | null;
}

type VariableName = Exclude<keyof AutoencoderWeights, 'threshold'> | 'logThreshold' | 'threshold' | 'tokensSinceFired';

const vectorNames = ['encoderBias', 'decoderBias', 'gateBias', 'magnitudeBias', 'magnitudeScale', 'skip'] as const;

/** `[rows, width]` */
function flat(x: Tensor): Tensor2D {
  return reshape(x, [rowsOf(x.shape), x.shape[x.rank - 1]]);
}
