import type { CaseSource, LayerParameters } from '../../../oracle/case-source.js';
import { drawSites, rankOf, type SitePattern } from '../../../oracle/draw-sites.js';
import { drawRows, uniformFrom } from '../../../oracle/random.js';
import type { GoldenLayer, Tolerance } from '../../../src/golden-file.js';

/** A convolution with everything that one can be told; what is absent takes the op's default. */
export interface ConvolutionCase {
  readonly sites: SitePattern;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Absent where `taps` list the kernel. */
  readonly kernelSize?: readonly number[];
  readonly kernelShape?: 'cross';
  readonly taps?: readonly (readonly number[])[];
  readonly groups?: number;
  /** One filter per channel; `outChannels` are then not read. */
  readonly isDepthwise?: boolean;
  readonly strides?: readonly number[];
  readonly padding?: readonly number[];
  readonly dilation?: readonly number[];
  readonly outputRule?: 'covering' | 'coveringFromMinimum' | 'floor';
  /** Output sites instead of those of the rule. */
  readonly target?: SitePattern;
  readonly outputPadding?: readonly number[];
  readonly spatialShape?: readonly number[];
  readonly batchSize?: number;
  readonly hasBias?: boolean;
  readonly hasZeroWeights?: boolean;
  /** (site, channel) of features that are NaN. */
  readonly nanAt?: readonly (readonly [site: number, channel: number])[];
  readonly seed: number;
  readonly tolerance: Tolerance;
}

/** float32 sums of at most 27 x 64 products, in any order; measured below 2e-6. */
export const convolutionTolerance: Tolerance = {
  output: 1e-5,
  gradient: 1e-5,
  reason: 'float32 sums of at most 27 x 64 products (outputs) or 2500 (filter gradients), in any order',
};

export function submanifoldSource(id: string, parameters: ConvolutionCase): CaseSource {
  const layer = convolutionLayer('conv', { ...parameters, outputSet: 'same' });
  return source(id, parameters, [layer], { conv: drawParameters(parameters, parameters.seed + 1) });
}

export function stridedSource(id: string, parameters: ConvolutionCase): CaseSource {
  const layer = convolutionLayer('conv', { ...parameters, outputSet: stridedOutputSet(parameters) });
  return source(id, parameters, [layer], { conv: drawParameters(parameters, parameters.seed + 1) });
}

export function transposedSource(id: string, parameters: ConvolutionCase): CaseSource {
  const outputSet = parameters.target ? 'given' : 'generate';
  const layer = { ...convolutionLayer('conv', { ...parameters, outputSet }), op: 'tconv' };
  return source(id, parameters, [layer], { conv: drawParameters(parameters, parameters.seed + 1) });
}

/** A strided convolution down, then the inverse one back to where it started, with the channels swapped. */
export function inverseSource(id: string, parameters: ConvolutionCase): CaseSource {
  const { inChannels, outChannels, seed } = parameters;
  const down = convolutionLayer('down', { ...parameters, outputSet: stridedOutputSet(parameters) });
  const up = { ...convolutionLayer('up', { ...parameters, outputSet: 'cached:in' }), op: 'tconv', in: ['down'] };
  const back = { ...parameters, inChannels: outChannels, outChannels: inChannels };
  return source(id, parameters, [down, up], {
    down: drawParameters(parameters, seed + 1),
    up: drawParameters(back, seed + 2),
  });
}

function stridedOutputSet({ outputRule, spatialShape, target }: ConvolutionCase): string {
  if (target) return 'given';
  if (outputRule === 'floor') return 'floor';
  if (outputRule === 'coveringFromMinimum') return 'ts_window';
  return spatialShape ? 'window' : 'covering';
}

function convolutionLayer(name: string, parameters: ConvolutionCase & { outputSet: string }): GoldenLayer {
  const { kernelSize, kernelShape, taps, groups, isDepthwise, strides, padding, outputPadding, dilation } = parameters;
  return {
    name,
    op: isDepthwise ? 'depthwise' : 'conv',
    in: ['in'],
    kernel_size: kernelSize,
    kernel_shape: kernelShape,
    taps,
    groups,
    stride: strides,
    padding,
    output_padding: outputPadding,
    dilation,
    weight_layout: isDepthwise ? 'K,C' : 'K,Cin,Cout',
    params: true,
    output_set: parameters.outputSet,
  };
}

function drawParameters(parameters: ConvolutionCase, seed: number): LayerParameters {
  const { inChannels, groups = 1, isDepthwise, hasBias, hasZeroWeights } = parameters;
  const outChannels = isDepthwise ? inChannels : parameters.outChannels;
  const rows = isDepthwise ? 1 : inChannels / groups;
  const next = uniformFrom(seed);
  const weight = Array.from({ length: offsetCount(parameters) }, () => drawRows(next, rows, outChannels));
  const zero = weight.map((slice) => slice.map((row) => row.map(() => 0)));
  return { weight: hasZeroWeights ? zero : weight, bias: hasBias ? drawRows(next, 1, outChannels)[0] : null };
}

function offsetCount({ kernelSize = [], kernelShape, taps }: ConvolutionCase): number {
  if (taps) return taps.length;
  if (kernelShape === 'cross') return kernelSize.reduce((sum, size) => sum + size - 1, 1);
  return kernelSize.reduce((product, size) => product * size, 1);
}

function source(
  id: string,
  { sites, target, inChannels, spatialShape, batchSize, nanAt = [], seed, tolerance }: ConvolutionCase,
  layers: readonly GoldenLayer[],
  parameters: Record<string, LayerParameters>,
): CaseSource {
  const coordinates = drawSites(sites, seed);
  const features = drawRows(uniformFrom(seed + 3), coordinates.length, inChannels);
  for (const [site, channel] of nanAt) features[site][channel] = NaN;
  const rank = rankOf(sites);
  const targets = target && drawSites(target, seed + 5);
  const input = { coordinates, targets, rank, features, channels: inChannels, spatialShape, batchSize };
  return { id, layers, tolerance, ...input, parameters, cotangentSeed: seed + 4 };
}
