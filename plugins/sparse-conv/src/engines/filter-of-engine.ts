import { requireRange } from '@tfjs-sparse/core';

/** An engine whose weights are known; spconv by its major version, whose layouts differ. */
export type ConvolutionEngine = 'spconv1' | 'spconv2' | 'torchsparse' | 'minkowskiEngine' | 'sparseConvNet';

/** The weight of a convolution as an engine saves it. */
export interface EngineWeight {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: ArrayLike<number>;
}

/** A filter of this plugin's convolutions. */
export interface ConvolutionFilter {
  /** `[offsets, inChannels / groups, outChannels]`; of a channel-wise convolution `[offsets, channels]`. */
  readonly shape: readonly number[];
  /** Offsets of the kernel with the last axis fastest. */
  readonly values: Float32Array;
}

/** How an engine's weight is read: its axes, and the order of its kernel's offsets. */
interface Layout {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly groups: number;
  readonly isChannelwise: boolean;
  /** Where the weight of an offset of the engine, an input channel of a group and an output channel is. */
  readonly index: (offset: number, input: number, output: number) => number;
  readonly isFirstAxisFastest: boolean;
}

/**
 * The filter of this plugin's convolutions, depthwise ones and their inverses with the weights of another engine:
 *
 * | engine | shape | offsets |
 * |---|---|---|
 * | `spconv2` (2.0 and later) | `[out, ...kernel, in]`; a kernel of volume 1 is the memory of `[in, out]` | last axis fastest |
 * | `spconv1` (1.x, mmcv) | `[...kernel, in, out]` | last axis fastest |
 * | `torchsparse` | `[volume, in, out]`, volume 1 `[in, out]` | first axis fastest where the volume is odd, else the last |
 * | `minkowskiEngine` | `[volume, in, out]`, volume 1 `[in, out]`, channel-wise `[volume, channels]` | first axis fastest |
 * | `sparseConvNet` | `[volume, groups, in / groups, out / groups]` | last axis fastest |
 *
 * A transposed or inverse convolution has the same order: offset k of the weight is offset k of the kernel. Which cell an
 * offset means is the convolution's padding: these engines have even kernels from 0 on (`minkowskiEngine`) or from
 * `1 - kernel / 2` on (`torchsparse`).
 *
 * @param kernelSize of each axis, in the order of the coordinates
 * @throws RangeError where the shape is not one of the engine's, with this kernel
 */
export function filterOfEngine(
  engine: ConvolutionEngine,
  weight: EngineWeight,
  kernelSize: readonly number[],
): ConvolutionFilter {
  requireRange(Object.hasOwn(layouts, engine), op, `engine must be one of ${Object.keys(layouts).join(', ')}`, engine);
  const isKernel = kernelSize.length > 0 && kernelSize.every((size) => Number.isInteger(size) && size >= 1);
  requireRange(isKernel, op, 'kernelSize must be of integers of at least 1', kernelSize);
  const size = weight.shape.reduce((product, length) => product * length, 1);
  requireRange(weight.values.length === size, op, `weight must have ${size} values (shape)`, weight.values.length);
  const { inChannels, outChannels, groups, isChannelwise, index, isFirstAxisFastest } = layouts[engine](weight.shape, kernelSize); // prettier-ignore
  const offsets = kernelSize.reduce((product, length) => product * length, 1);
  const inputs = inChannels / groups;
  const values = new Float32Array(offsets * inputs * outChannels);
  for (let offset = 0; offset < offsets; offset++) {
    const theirs = isFirstAxisFastest ? firstAxisFastest(offset, kernelSize) : offset;
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outChannels; output++) {
        const from = index(theirs, input, output);
        values[(offset * inputs + input) * outChannels + output] = weight.values[from];
      }
    }
  }
  return { shape: isChannelwise ? [offsets, outChannels] : [offsets, inputs, outChannels], values };
}

const op = 'filterOfEngine';

type LayoutOf = (shape: readonly number[], kernelSize: readonly number[]) => Layout;

const layouts: Readonly<Record<ConvolutionEngine, LayoutOf>> = {
  spconv2(shape, kernelSize) {
    const [outChannels, inChannels] = [shape[0], shape[shape.length - 1]];
    requireShape(shape, [outChannels, ...kernelSize, inChannels], '[out, ...kernel, in]');
    const volume = volumeOf(kernelSize);
    const index = (offset: number, input: number, output: number) =>
      volume === 1 ? input * outChannels + output : (output * volume + offset) * inChannels + input;
    return { ...plain, inChannels, outChannels, index };
  },

  spconv1(shape, kernelSize) {
    const [inChannels, outChannels] = shape.slice(-2);
    requireShape(shape, [...kernelSize, inChannels, outChannels], '[...kernel, in, out]');
    return ofRows(inChannels, outChannels);
  },

  torchsparse: (shape, kernelSize) => ofVolume(shape, kernelSize, volumeOf(kernelSize) % 2 === 1),

  minkowskiEngine(shape, kernelSize) {
    const volume = volumeOf(kernelSize);
    if (shape.length === 2 && volume > 1) {
      const channels = shape[1];
      requireShape(shape, [volume, channels], '[volume, channels]');
      const index = (offset: number, _: number, output: number) => offset * channels + output;
      const isChannelwise = true;
      return { inChannels: channels, outChannels: channels, groups: channels, isChannelwise, index, isFirstAxisFastest: true }; // prettier-ignore
    }
    return ofVolume(shape, kernelSize, true);
  },

  sparseConvNet(shape, kernelSize) {
    if (shape.length === 2) return ofVolume(shape, kernelSize, false); // NetworkInNetwork
    const [, groups, inputs, outputs] = shape;
    requireShape(shape, [volumeOf(kernelSize), groups, inputs, outputs], '[volume, groups, in / groups, out / groups]');
    const index = (offset: number, input: number, output: number) => {
      const group = Math.floor(output / outputs);
      return ((offset * groups + group) * inputs + input) * outputs + (output % outputs);
    };
    return { ...plain, groups, inChannels: groups * inputs, outChannels: groups * outputs, index };
  },
};

const plain = { groups: 1, isChannelwise: false, isFirstAxisFastest: false };

function ofVolume(shape: readonly number[], kernelSize: readonly number[], isFirstAxisFastest: boolean): Layout {
  const [inChannels, outChannels] = shape.slice(-2);
  const volume = volumeOf(kernelSize);
  const isMatrix = volume === 1 && shape.length === 2;
  requireShape(shape, isMatrix ? [inChannels, outChannels] : [volume, inChannels, outChannels], '[volume, in, out]');
  return { ...ofRows(inChannels, outChannels), isFirstAxisFastest };
}

/** Offset by offset a matrix of inputs and outputs. */
function ofRows(inChannels: number, outChannels: number): Layout {
  const index = (offset: number, input: number, output: number) => (offset * inChannels + input) * outChannels + output;
  return { ...plain, inChannels, outChannels, index };
}

/** The place of an offset, given with the last axis fastest, in an order with the first axis fastest. */
function firstAxisFastest(offset: number, kernelSize: readonly number[]): number {
  let rest = offset;
  const digits = [...kernelSize].reverse().map((size) => {
    const digit = rest % size;
    rest = Math.floor(rest / size);
    return digit;
  });
  return digits.reduce((place, digit, i) => place * kernelSize[kernelSize.length - 1 - i] + digit, 0);
}

function volumeOf(kernelSize: readonly number[]): number {
  return kernelSize.reduce((product, size) => product * size, 1);
}

function requireShape(shape: readonly number[], expected: readonly number[], name: string): void {
  const isShape = shape.join() === expected.join() && shape.every((length) => length > 0);
  requireRange(isShape, op, `weight must be ${name}, here [${expected.join(', ')}]`, shape);
}
