import { violation } from '@tfjs-sparse/core';
import { FormatError, requireFormat } from '../format-error.js';
import type { Graph, GraphNode } from '../graph/graph.js';
import { GraphBuilder } from '../graph/graph-builder.js';
import type { FlatTable } from './flat-table.js';
import { readTfliteFile, type TfliteModel, type TfliteOperator } from './tflite-model.js';

// Of `BuiltinOperator` in TFLite's schema.
const codes = {
  add: 0,
  convolution: 3,
  depthwise: 4,
  depthToSpace: 5,
  dequantize: 6,
  reshape: 22,
  resizeBilinear: 23,
  pad: 34,
  densify: 124,
};
const paddings = ['SAME', 'VALID'] as const;
const activations = new Map([
  [0, null],
  [1, 'Relu'],
  [3, 'Relu6'],
] as const);
// Fields of Conv2DOptions and DepthwiseConv2DOptions behind padding, stride_w and stride_h; dilations are those of w and h.
const convolutionFields = { activation: 3, dilations: [4, 5] };
const depthwiseFields = { multiplier: 3, activation: 4, dilations: [5, 6] };
const name = 'readTflite';

/**
 * A TFLite model as a graph with the same weights, densified and dequantised; padding is nodes of its own, as in the file
 * and as tfjs' converter writes it. Convolutions, depthwise ones, additions, paddings, reshapes and resizes are read.
 *
 * @throws FormatError for other operators and settings, and for what does not fit the file
 */
export function readTflite(file: ArrayBuffer): Graph {
  return new Reading(readTfliteFile(file)).read();
}

interface Constant {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

class Reading {
  readonly #builder = new GraphBuilder();
  /** Nodes by tensor. */
  readonly #nodes = new Map<number, GraphNode>();
  /** Constants by tensor, also those that DEQUANTIZE and DENSIFY make. */
  readonly #constants = new Map<number, Constant>();

  constructor(private readonly model: TfliteModel) {}

  read(): Graph {
    for (const input of this.model.inputs) this.#nodes.set(input, this.#builder.input(this.model.shape(input)));
    for (const operator of this.model.operators) this.#add(operator);
    for (const output of this.model.outputs) this.#builder.output(this.#node(output));
    return this.#builder.graph;
  }

  #add({ code, inputs, outputs: [output], options }: TfliteOperator): void {
    if (code === codes.dequantize || code === codes.densify) this.#constants.set(output, this.#constant(inputs[0]));
    else this.#nodes.set(output, this.#result(code, inputs, output, options));
  }

  #result(code: number, inputs: readonly number[], output: number, options: FlatTable | null): GraphNode {
    switch (code) {
      case codes.pad:
        return this.#builder.node('Pad', this.#all(inputs));
      case codes.convolution:
      case codes.depthwise:
        return this.#convolution(code === codes.depthwise, inputs, options);
      case codes.add: {
        const sum = this.#builder.node('AddV2', this.#all(inputs));
        const activation = activationOf(options?.byte(0) ?? 0);
        return activation ? this.#builder.node(activation, [sum]) : sum;
      }
      case codes.depthToSpace:
        return this.#depthToSpace(inputs[0], options?.int32(0) ?? 0);
      case codes.reshape:
        return this.#builder.node('Reshape', [this.#node(inputs[0]), this.#integers(this.model.shape(output))]);
      case codes.resizeBilinear: {
        const attributes = { align_corners: { b: !!options?.byte(2) }, half_pixel_centers: { b: !!options?.byte(3) } };
        return this.#builder.node('ResizeBilinear', this.#all(inputs), attributes);
      }
      default:
        throw new FormatError(violation(name, `operators must be of the codes ${Object.values(codes)}`, code));
    }
  }

  #convolution(isDepthwise: boolean, inputs: readonly number[], options: FlatTable | null): GraphNode {
    requireFormat(options !== null, name, 'a convolution must have options', 'none');
    const [x, filter] = inputs;
    const { activation: activationField, dilations } = isDepthwise ? depthwiseFields : convolutionFields;
    const activation = activationOf(options.byte(activationField));
    const windows = {
      stride: [options.int32(2), options.int32(1)] as const,
      dilation: [options.int32(dilations[1]) || 1, options.int32(dilations[0]) || 1] as const, // default 1
      padding: paddings[options.byte(0)],
    };
    requireFormat(windows.padding !== undefined, name, 'padding must be SAME or VALID', options.byte(0));
    const { stride, dilation } = windows;
    const least = (values: readonly number[]) => values.every((value) => value >= 1);
    requireFormat(least(stride), name, 'strides must be integers of at least 1', stride);
    requireFormat(least(dilation), name, 'dilations must be integers of at least 1', dilation);
    const isEither = stride.every((value) => value === 1) || dilation.every((value) => value === 1);
    const got = `strides ${stride.join(', ')} and dilations ${dilation.join(', ')}`;
    requireFormat(isEither, name, 'strides or dilations must be 1', got);
    const { shape, values } = this.#constant(filter);
    requireFormat(shape.length === 4, name, 'a filter must have 4 axes', shape.length);
    if (isDepthwise) {
      const [, height, width, outChannels] = shape;
      const multiplier = options.int32(depthwiseFields.multiplier) || 1;
      const isDivisor = multiplier >= 1 && outChannels % multiplier === 0;
      const rule = `a depthwise convolution must have a multiplier that divides its ${outChannels} outputs`;
      requireFormat(isDivisor, name, rule, multiplier);
      const weights = this.#builder.constant([height, width, outChannels / multiplier, multiplier], values);
      return this.#builder.depthwise(this.#node(x), weights, this.#bias(inputs, outChannels), windows, activation);
    }
    const [outChannels, height, width, inChannels] = shape;
    const weights = this.#builder.constant([height, width, inChannels, outChannels], swapped(values, outChannels));
    return this.#builder.convolution(this.#node(x), weights, this.#bias(inputs, outChannels), windows, activation);
  }

  /** Zeros where a convolution has none. */
  #bias([, , bias = -1]: readonly number[], channels: number): GraphNode {
    return bias < 0 ? this.#builder.constant([channels], new Float32Array(channels)) : this.#node(bias);
  }

  /** By slices and one concat: tfjs' DepthToSpace takes longer than the convolution before it (bench/src/face-detection.ts). */
  #depthToSpace(tensor: number, block: number): GraphNode {
    const [batch, height, width, depth] = this.model.shape(tensor);
    const isFitting = block >= 1 && depth % (block * block) === 0;
    const rule = `DEPTH_TO_SPACE must have a block whose square divides the ${depth} channels`;
    requireFormat(isFitting, name, rule, block);
    const rowDepth = depth / block; // of one of the block's rows
    const rows = Array.from({ length: block }, (_, row) => {
      const begin = this.#integers([0, 0, 0, row * rowDepth]);
      const size = this.#integers([batch, height, width, rowDepth]);
      const slice = this.#builder.node('Slice', [this.#node(tensor), begin, size]);
      return this.#builder.node('Reshape', [slice, this.#integers([batch * height, 1, width * rowDepth])]);
    });
    const axis = this.#builder.constant([], Int32Array.of(1));
    const stacked = this.#builder.node('ConcatV2', [...rows, axis], { N: { i: `${block}` } });
    const shape = [batch, height * block, width * block, rowDepth / block];
    return this.#builder.node('Reshape', [stacked, this.#integers(shape)]);
  }

  #integers(values: readonly number[]): GraphNode {
    return this.#builder.constant([values.length], Int32Array.from(values));
  }

  #all(tensors: readonly number[]): GraphNode[] {
    return tensors.map((tensor) => this.#node(tensor));
  }

  #node(tensor: number): GraphNode {
    let node = this.#nodes.get(tensor);
    if (!node) {
      const { shape, values } = this.#constant(tensor);
      node = this.#builder.constant(shape, values);
      this.#nodes.set(tensor, node);
    }
    return node;
  }

  #constant(tensor: number): Constant {
    const known = this.#constants.get(tensor);
    if (known) return known;
    const values = this.model.values(tensor);
    requireFormat(values !== null, name, 'a weight must be constant or made by an operator', `tensor ${tensor}`);
    return { shape: this.model.shape(tensor), values };
  }
}

/** The op of a fused activation, null for none. */
function activationOf(code: number): 'Relu' | 'Relu6' | null {
  const activation = activations.get(code as 0);
  requireFormat(activation !== undefined, name, `activations must be of the codes ${[...activations.keys()]}`, code);
  return activation;
}

/** `[outChannels, rest]` as `[rest, outChannels]`. */
function swapped(values: Float32Array | Int32Array, outChannels: number): Float32Array {
  const rest = values.length / outChannels;
  return Float32Array.from(values, (_, i) => values[(i % outChannels) * rest + Math.floor(i / outChannels)]);
}
