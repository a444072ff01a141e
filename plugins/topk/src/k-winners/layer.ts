import { add, cast, div, greater, minimum, mul, reshape, sub, sum, tidy, type serialization, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core'; // prettier-ignore
import { initializers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { ActivationLayer, lastAxis, onlyInput, type LayerArgs } from '../activation-layer/activation-layer.js';
import { kWinners } from './op.js';

export interface KWinnersArgs extends LayerArgs {
  /** The share of a row that wins, above 0 and at most 1: k = round(width * share). */
  share: number;
  /** How strongly features that won often are held back; default 1. */
  boost?: number;
  /** What `endEpoch` multiplies the boost with; default 0.9. */
  boostFactor?: number;
  /** Rows over which the duty cycles are averaged; default 1000. */
  period?: number;
  /** Winners outside of training over those in training; default 1.5. */
  inferenceFactor?: number;
  /** Whether negative winners become 0; default false. */
  relu?: boolean;
  /** See `KWinnersOptions`. */
  ties?: 'lowerIndex' | 'all';
  /** Whether all values of a sample compete (an image's of a convolution), not those of each position; default false. */
  perSample?: boolean;
}

/**
 * The k greatest of each row stay, of which those that won seldom win more easily (boosted k-winners, Ahmad & Scheinkman
 * 2019; numenta/nupic.torch). Training moves the duty cycles; `endEpoch`, in a callback, lets the boost fade.
 */
export class KWinners extends ActivationLayer {
  static className = 'KWinners';
  private readonly settings: Required<Omit<KWinnersArgs, keyof LayerArgs>>;
  private dutyCycles: LayerVariable | undefined;
  private boost: LayerVariable | undefined;
  private rowsSeen: LayerVariable | undefined;

  constructor(args: KWinnersArgs) {
    super(args);
    const { share, boost = 1, boostFactor = 0.9, period = 1000, inferenceFactor = 1.5 } = args;
    const { relu = false, ties = 'lowerIndex', perSample = false } = args;
    requireRange(share > 0 && share <= 1, 'KWinners', 'share must be above 0, at most 1', share);
    requireRange(boost >= 0, 'KWinners', 'boost must be at least 0', boost);
    requireRange(boostFactor >= 0 && boostFactor <= 1, 'KWinners', 'boostFactor must be from 0 to 1', boostFactor);
    requireRange(period >= 1, 'KWinners', 'period must be at least 1', period);
    requireRange(inferenceFactor > 0, 'KWinners', 'inferenceFactor must be above 0', inferenceFactor);
    this.settings = { share, boost, boostFactor, period, inferenceFactor, relu, ties, perSample };
  }

  override build(inputShape: Shape | Shape[]): void {
    const features = this.settings.perSample ? sampleSize(inputShape) : lastAxis(inputShape);
    const state = (name: string, shape: Shape, value: number) =>
      this.addWeight(name, shape, 'float32', initializers.constant({ value }), undefined, false);
    this.dutyCycles = state('duty_cycles', [features], 0);
    this.boost = state('boost', [], this.settings.boost);
    this.rowsSeen = state('rows_seen', [], 0);
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[], kwargs: { training?: boolean }): Tensor {
    return tidy(() => {
      const x = onlyInput(inputs);
      const { relu, ties, share, inferenceFactor } = this.settings;
      const width = this.dutyCycles!.shape[0]!;
      const rows = reshape(x, [-1, width]);
      const k = Math.round(width * share);
      const options = { relu, ties, k: kwargs.training ? k : Math.min(width, Math.floor(k * inferenceFactor)) };
      // The boost is a weight: it goes into the duty cycles, that no value need be read.
      const y = kWinners(rows, mul(this.dutyCycles!.read(), this.boost!.read()) as Tensor1D, { ...options, boost: 1 });
      if (kwargs.training) this.moveDutyCycles(y);
      return reshape(y, x.shape);
    });
  }

  /** Multiplies the boost with its factor. */
  endEpoch(): void {
    tidy(() => {
      this.boost!.write(mul(this.boost!.read(), this.settings.boostFactor));
    });
  }

  /** dutyCycles = (dutyCycles * (period - rows) + rows in which each feature won) / period, period at most the rows seen. */
  private moveDutyCycles(y: Tensor): void {
    const rows = y.shape[0];
    const seen = add(this.rowsSeen!.read(), rows);
    const period = minimum(seen, Math.max(this.settings.period, rows));
    const won = sum(cast(greater(y, 0), 'float32'), 0);
    this.dutyCycles!.write(div(add(mul(this.dutyCycles!.read(), sub(period, rows)), won), period));
    this.rowsSeen!.write(seen);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...this.settings };
  }
}

function sampleSize(inputShape: Shape | Shape[]): number {
  const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as number[];
  return shape.slice(1).reduce((product, size) => product * size, 1);
}
