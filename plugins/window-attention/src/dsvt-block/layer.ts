import { relu, tidy, type serialization, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { requireRange, type CoordinateMap } from '@tfjs-sparse/core';
import {
  channelsOf,
  CompositeLayer,
  featureShape,
  SparseBatchNormalization,
  sparseInput,
  type LayerArgs,
} from '@tfjs-sparse/layers';
import { linear } from '../linear/op.js';
import { configOf } from '../parts/config-of.js';
import { EncoderParts, LinearPart, NormPart } from '../parts/weight-layers.js';
import { windowOffsets } from '../window-offsets/op.js';
import type { WindowOptions } from '../window-options.js';
import { dsvtBlock, lastToFirst } from './op.js';

/** Windows as a layer holds them. */
export interface WindowArgs {
  windowSize: number[];
  shift?: number[] | null;
}

export interface DSVTBlockArgs extends LayerArgs, WindowArgs {
  heads: number;
  /** The most sites of a set; default 36, DSVT's of pillars. */
  setSize?: number;
  /** Of the feed-forward parts; default twice the channels. */
  hiddenUnits?: number | null;
  /** The axes x, y, ... of the map, which positions and sets go by; default all from the last to the first. */
  axes?: number[] | null;
  /**
   * Windows in which the positions of the two layers are measured; default the block's own for both. DSVT's are the windows
   * of its first and of its second block, in every block.
   */
  positionWindows?: [WindowArgs, WindowArgs] | null;
}

interface PositionParts {
  readonly inner: LinearPart;
  readonly norm: SparseBatchNormalization;
  readonly outer: LinearPart;
}

/**
 * A block of DSVT (`dsvtBlock`): attention within sets along y, then along x, with learned positions in the window (linear,
 * batch normalization, ReLU, linear). Input `[features [sites, channels], coords]`, or features alone in a Sequential model;
 * output features `[sites, channels]`.
 */
export class DSVTBlock extends CompositeLayer {
  static className = 'DSVTBlock';
  private readonly args: Required<Omit<DSVTBlockArgs, keyof LayerArgs>>;
  private encoders!: readonly EncoderParts[];
  private norms!: readonly NormPart[];
  private positions!: readonly PositionParts[];

  constructor(args: DSVTBlockArgs) {
    super(args);
    const { heads, windowSize, shift = null, setSize = 36, hiddenUnits = null, axes = null } = args;
    const { positionWindows = null } = args;
    const isPair = positionWindows === null || positionWindows.length === 2;
    requireRange(isPair, 'DSVTBlock', 'positionWindows must be those of 2 layers', positionWindows?.length);
    this.args = { heads, windowSize, shift, setSize, hiddenUnits, axes, positionWindows };
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = channelsOf(this.name, inputShape);
    const { hiddenUnits, axes, windowSize } = this.args;
    const hidden = hiddenUnits ?? 2 * channels;
    this.encoders = [0, 1].map(
      (layer) => new EncoderParts(`layer${layer}_`, channels, hidden, (part, width) => this.addPart(part, width)),
    );
    this.norms = ['layer0_norm', 'layer1_norm', 'norm'].map((name) => this.addPart(new NormPart(name), channels));
    this.positions = [0, 1].map((layer) => {
      const prefix = `position${layer}_`;
      const norm = new SparseBatchNormalization({ name: `${prefix}norm`, momentum: 0.9, epsilon: 1e-5 }); // torch's
      return {
        inner: this.addPart(new LinearPart(`${prefix}inner`, channels), axes?.length ?? windowSize.length),
        norm: this.addPart(norm, channels),
        outer: this.addPart(new LinearPart(`${prefix}outer`, channels), channels),
      };
    });
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[], kwargs: { training?: boolean }): Tensor2D {
    return tidy(() => {
      const x = sparseInput(this.name, inputs);
      const { heads, setSize, axes } = this.args;
      const own = windowsOf(this.args);
      const windows = this.args.positionWindows?.map(windowsOf) ?? [own, own];
      const [first, second] = windows.map((each, layer) => this.positionsOf(x.map, each, layer, kwargs));
      const [norm0, norm1, norm] = this.norms.map((each) => each.read());
      const [encoder0, encoder1] = this.encoders.map((each) => each.read());
      const layers = [
        { encoder: encoder0, norm: norm0 },
        { encoder: encoder1, norm: norm1 },
      ];
      const options = { heads, setSize, ...own, axes: axes ?? undefined, positions: [first, second] as const };
      return dsvtBlock(x, { layers, norm }, options).features;
    });
  }

  private positionsOf(map: CoordinateMap, windows: WindowOptions, layer: number, kwargs: { training?: boolean }) {
    const { inner, norm, outer } = this.positions[layer];
    const axes = this.args.axes ?? lastToFirst(map.rank);
    const first = inner.read();
    const hidden = linear(windowOffsets(map, { ...windows, axes }), first.linear, first.linearBias);
    const last = outer.read();
    return linear(relu(norm.call(hidden, kwargs) as Tensor2D), last.linear, last.linearBias);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return featureShape(inputShape);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...configOf(this.args) };
  }
}

function windowsOf({ windowSize, shift }: WindowArgs): WindowOptions {
  return { windowSize, shift: shift ?? undefined };
}
