import type { CaseSource } from '../../../oracle/case-source.js';
import { geometryOf, outputSites, type WindowFields } from '../../../oracle/convolution-layers.js';
import { forEachPair } from '../../../oracle/convolution.js';
import type { LayerSurroundings, SiteRows } from '../../../oracle/layer-oracle.js';
import * as field from '../../../src/fields.js';
import type { GoldenLayer } from '../../../src/golden-file.js';
import { featuresSource, type FeaturesCase } from './features-case.js';
import { windowFields } from './window-fields.js';

/** What a golden's metadata calls the poolings. */
export type PoolOp = 'max' | 'max0' | 'avg' | 'avgvol' | 'sum';

export interface PoolFields extends WindowFields {
  /** The first channels, which SparseConvNet's `nFeaturesToDrop` leaves out; default 0. */
  readonly drop?: number;
}

export const poolFields: field.Fields<PoolFields> = {
  ...windowFields(field.oneOf('same', 'covering', 'window', 'ts_window', 'floor', 'given')),
  drop: field.optional(field.number),
};

export interface PoolCase extends FeaturesCase {
  readonly op: PoolOp;
  /** Absent where `taps` list the windows' cells. */
  readonly poolSize?: readonly number[];
  readonly kernelShape?: 'cross';
  readonly taps?: readonly (readonly number[])[];
  /** Default: the pool size. */
  readonly strides?: readonly number[];
  readonly padding?: readonly number[];
  readonly dilation?: readonly number[];
  readonly outputRule?: 'covering' | 'coveringFromMinimum' | 'floor';
  readonly spatialShape?: readonly number[];
  /** The sites stay (MinkowskiEngine with strides 1). */
  readonly isSame?: boolean;
  readonly drop?: number;
}

export function poolSource(id: string, parameters: PoolCase): CaseSource {
  const { spatialShape, nanAt } = parameters;
  const source = { ...featuresSource(id, parameters), spatialShape, layers: [poolLayer(parameters)] };
  return nanAt ? { ...source, cotangentSeed: undefined } : source; // finite differences of NaN say nothing
}

export function poolLayer({
  op,
  poolSize,
  kernelShape,
  taps,
  strides,
  padding,
  dilation,
  outputRule,
  spatialShape,
  isSame = false,
  drop,
}: PoolCase): GoldenLayer {
  const covering = spatialShape ? 'window' : 'covering';
  const outputSet = { floor: 'floor', coveringFromMinimum: 'ts_window', covering }[outputRule ?? 'covering'];
  const shape = {
    kernel_size: poolSize,
    kernel_shape: kernelShape,
    taps,
    stride: strides ?? poolSize,
    padding,
    dilation,
  };
  return { name: 'pool', op, in: ['in'], ...shape, output_set: isSame ? 'same' : outputSet, drop };
}

/** The output sites and the rows in the window of each. */
export function windowsOf(layer: WindowFields, x: SiteRows, { spatialShape }: Pick<LayerSurroundings, 'spatialShape'>) {
  const sites = outputSites(layer, x.sites, spatialShape);
  const windows: number[][] = sites.map(() => []);
  forEachPair(x.sites, sites, geometryOf(layer), (input, output) => windows[output].push(input));
  return { sites, windows };
}
