import type { SafetensorsTensor } from '@tfjs-sparse/core';
import type { Site } from '../oracle/sites.js';
import type { ForwardContext, LayerValue } from './forward-context.js';
import type { GoldenCase, GoldenLayer } from './golden-file.js';
import type { SparseFeatures, SparseOps } from './ops.js';

/** Rows on sites, in float64. */
export interface SiteRows {
  readonly sites: readonly Site[];
  /** `[sites][channels]` */
  readonly values: number[][];
  readonly channels: number;
  readonly batchSize: number;
}

/** What a definition may read besides its first input. */
export interface LayerSurroundings {
  /** All inputs of the layer, in the order of `layer.in`. */
  readonly inputs: readonly SiteRows[];
  /** An earlier layer, or `in`. */
  readonly valueOf: (name: string) => SiteRows;
  readonly layers: readonly GoldenLayer[];
  /** `mask`, `query`: what the case has besides features. */
  readonly tensors: Readonly<Record<string, SafetensorsTensor>>;
  readonly spatialShape: readonly number[] | null;
}

/**
 * All that the harness and the oracle must know of an op on features: how to run it, and what it is. A case file brings
 * its own (`cases/global-pool.ts`), so that a new op is one file; the convolutions and what they need are built in.
 */
export interface LayerDefinition {
  /** What a golden's metadata calls it. */
  readonly op: string;
  /** The op that must have been handed in. */
  readonly needs: keyof SparseOps;
  readonly forward: (
    x: SparseFeatures,
    layer: GoldenLayer,
    ops: SparseOps,
    golden: GoldenCase,
    context: ForwardContext,
  ) => LayerValue;
  /** The definition, written from the mathematics and nothing of the kernels. `channels` where they are not the input's. */
  readonly define: (
    x: SiteRows,
    layer: GoldenLayer,
    surroundings: LayerSurroundings,
  ) => Pick<SiteRows, 'sites' | 'values'> & { readonly channels?: number };
  /** Of sum(y * dy) to x; by default the finite differences of `define`, for all inputs. */
  readonly gradient?: (
    dy: readonly (readonly number[])[],
    x: SiteRows,
    layer: GoldenLayer,
    surroundings: LayerSurroundings,
  ) => number[][];
}
