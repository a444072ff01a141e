import type { ConverterPlugin, WeightKernel } from '../conversion/converter-plugin.js';
import { SemiStructuredTensor } from '../torch/semi-structured.js';
import { BitmaskTensor } from './bitmask-tensor.js';
import { productWeight, weightSample, type WeightLayout, type WeightSample } from './product-weight.js';
import { QuantizedTensor } from './quantized-tensor.js';
import type { Checkpoint, CheckpointTensor } from './read-checkpoint.js';
import { SparseCompressedTensor, SparseCooTensor } from './sparse-tensors.js';
import { pictureOf, type WeightPicture } from './sparsity-picture.js';
import { byteLengthOf, dtypeOf } from './tensor-summary.js';
import { weightStatistics } from './weight-statistics.js';
import type { ZeroPattern } from './zero-patterns.js';

/** What a tensor of a checkpoint is, and what it would be in a page. */
export interface InspectedTensor {
  readonly path: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** How it is stored where that is not dense. */
  readonly layout: string | null;
  readonly bytes: number;
  readonly elements: number;
  /** Share of its elements that are 0. */
  readonly sparsity: number;
  readonly pattern: ZeroPattern | null;
  /** How a plugin would have the weight, of a large one by a part of its rows; null where the dense one is as good. */
  readonly kernel: WeightKernel | null;
  /** Where the weight of a product is not 0; null for few zeros, for other tensors, and where none is asked for. */
  readonly picture: WeightPicture | null;
  /** Whether it is the mask of another tensor, by torch.nn.utils.prune. */
  readonly isMask: boolean;
}

const fewestZeros = 0.12; // below, no kernel of sparse weights is faster than the dense one

export interface InspectOptions {
  /** Whether weights have pictures, for which all of each is read at once; default true. */
  readonly hasPictures?: boolean;
}

/** Looks at one tensor after the other; each is read in parts, and none is kept. */
export async function* inspectCheckpoint(
  { format, tensors }: Checkpoint,
  plugins: readonly ConverterPlugin[],
  { hasPictures = true }: InspectOptions = {},
): AsyncGenerator<InspectedTensor> {
  const all = new Map(tensors.map(({ path, tensor }) => [path, tensor]));
  for (const { path, tensor } of tensors) {
    const isPruneMask = path.endsWith('_mask') && all.has(path.replace(/_mask$/, '_orig'));
    const isMask = isPruneMask || /__\w+_mma_mask$/.test(path); // of torch.nn.utils.prune, of ASP
    const mask = maskOf(path, all);
    const { zeros, pattern } = await weightStatistics(tensor);
    const elements = tensor.shape.reduce((product, length) => product * length, 1);
    const sparsity = elements === 0 ? 0 : zeros / elements;
    const isSparse = !isMask && (sparsity >= fewestZeros || mask !== undefined);
    const layout = weightLayoutOf(format);
    const whole = isSparse && hasPictures ? await productWeight(tensor, mask, layout) : null;
    yield {
      path,
      dtype: dtypeOf(tensor),
      shape: tensor.shape,
      layout: storageOf(tensor),
      bytes: byteLengthOf(tensor),
      elements,
      sparsity,
      pattern,
      kernel: isSparse ? kernelOf(await weightSample(tensor, mask, layout), plugins) : null,
      picture: whole && pictureOf(path, tensor.shape, whole),
      isMask,
    };
  }
}

function kernelOf(sample: WeightSample | null, plugins: readonly ConverterPlugin[]): WeightKernel | null {
  if (!sample) return null;
  for (const plugin of plugins) {
    const kernel = plugin.kernelOf?.(sample.weight);
    if (kernel) return { ...kernel, bytes: Math.round(kernel.bytes / sample.share) };
  }
  return null;
}

/** The mask of torch.nn.utils.prune that belongs to a weight. */
export function maskOf(path: string, tensors: ReadonlyMap<string, CheckpointTensor>): CheckpointTensor | undefined {
  return path.endsWith('_orig') ? tensors.get(path.replace(/_orig$/, '_mask')) : undefined;
}

/** A pattern of zeros in words; empty for none. */
export function patternText(pattern: ZeroPattern | null): string {
  if (!pattern) return '';
  const { groups, blockRows, zeroRows, nearly } = pattern;
  const near =
    nearly &&
    `nearly ${nearly.n}:${nearly.m} along axis ${nearly.axis}: ${nearly.broken} of ${nearly.groups} groups break it, the first at [${nearly.first.join(', ')}]`;
  return [
    groups && `${groups.n}:${groups.m} along axis ${groups.axis}`,
    blockRows > 1 && `blocks of ${blockRows} rows`,
    zeroRows > 0 && `${zeroRows} zero rows`,
    near,
  ]
    .filter(Boolean)
    .join(', ');
}

/** How a tensor is stored where that is not dense. */
function storageOf(tensor: CheckpointTensor): string | null {
  if (tensor instanceof SparseCooTensor) return 'coo';
  if (tensor instanceof SparseCompressedTensor) return tensor.layout;
  if (tensor instanceof BitmaskTensor) return 'bitmask';
  if (tensor instanceof SemiStructuredTensor) return '2:4 packed';
  return tensor instanceof QuantizedTensor ? 'quantized' : null;
}

function weightLayoutOf(format: Checkpoint['format']): WeightLayout {
  return format === 'tfjs' || format === 'tflite' ? format : 'torch';
}
