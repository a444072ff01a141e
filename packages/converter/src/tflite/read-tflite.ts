import type { io } from '@tensorflow/tfjs';
import type { FlatTable } from './flat-buffer.js';
import { GraphBuilder } from './graph-builder.js';
import type { TfliteModel, TfliteOperator } from './tflite-model.js';

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
const activations = [null, 'Relu', undefined, 'Relu6'] as const;
type Pads = [top: number, bottom: number, left: number, right: number];

/**
 * A TFLite model as a tfjs GraphModel with the same weights, densified and dequantised.
 *
 * @param hasPadNodes whether padding is nodes of its own, as in the TFLite model and as tfjs' converter writes it, or is
 * done by the convolutions behind it, which is faster
 */
export function tfliteGraph(model: TfliteModel, hasPadNodes: boolean): io.ModelArtifacts {
  return new Conversion(model, hasPadNodes).convert();
}

class Conversion {
  private readonly graph = new GraphBuilder();
  /** Nodes by tensor. */
  private readonly nodes = new Map<number, string>();
  /** Constants by tensor, also those that DEQUANTIZE and DENSIFY make. */
  private readonly constants = new Map<number, { shape: number[]; values: Float32Array | Int32Array }>();
  /** Tensors that are padded images, which convolutions take as they were. */
  private readonly padded = new Map<number, { tensor: number; pads: Pads }>();

  constructor(
    private readonly model: TfliteModel,
    private readonly hasPadNodes: boolean,
  ) {}

  convert(): io.ModelArtifacts {
    for (const input of this.model.inputs) this.nodes.set(input, this.graph.input(this.model.shape(input)));
    for (const operator of this.model.operators) this.read(operator);
    return this.graph.artifacts();
  }

  private read(operator: TfliteOperator): void {
    const { code, inputs, outputs } = operator;
    const [output] = outputs;
    const options = operator.options;
    switch (code) {
      case codes.dequantize:
      case codes.densify:
        this.constants.set(output, this.constant(inputs[0]));
        return;
      case codes.pad:
        this.pad(inputs, output);
        return;
      case codes.convolution:
      case codes.depthwise:
        this.nodes.set(output, this.convolution(code === codes.depthwise, inputs, options!));
        return;
      case codes.add: {
        const sum = this.graph.node(
          'AddV2',
          inputs.map((tensor) => this.node(tensor)),
        );
        const activation = activations[options?.byte(0) ?? 0];
        this.nodes.set(output, activation ? this.graph.node(activation, [sum]) : sum);
        return;
      }
      case codes.depthToSpace:
        this.nodes.set(output, this.depthToSpace(inputs[0], options!.int32(0)));
        return;
      case codes.reshape: {
        this.nodes.set(
          output,
          this.graph.node('Reshape', [this.node(inputs[0]), this.integers(this.model.shape(output))]),
        );
        return;
      }
      case codes.resizeBilinear: {
        const attr = { align_corners: { b: !!options?.byte(2) }, half_pixel_centers: { b: !!options?.byte(3) } };
        this.nodes.set(
          output,
          this.graph.node(
            'ResizeBilinear',
            inputs.map((tensor) => this.node(tensor)),
            attr,
          ),
        );
        return;
      }
      default:
        throw new Error(`tflite: operators must be of those that the face detector has, got ${code}`);
    }
  }

  private convolution(isDepthwise: boolean, inputs: readonly number[], options: FlatTable): string {
    const [x, filter, bias] = inputs;
    const padding = paddings[options.byte(0)];
    const stride = options.int32(1);
    const folded = padding === 'VALID' && !this.hasPadNodes ? this.padded.get(x) : undefined;
    const activation = activations[options.byte(isDepthwise ? 4 : 3)] ?? null;
    const image = folded ? this.node(folded.tensor) : this.node(x);
    const { shape, values } = this.constant(filter);
    const biasNode = this.node(bias);
    const windows = { stride, padding: folded?.pads ?? padding };
    if (isDepthwise) {
      const weights = this.graph.constant([...shape.slice(1), 1], values);
      return this.graph.depthwise(image, weights, biasNode, windows, activation);
    }
    const [outChannels, height, width, inChannels] = shape;
    const weights = this.graph.constant([height, width, inChannels, outChannels], swapped(values, outChannels));
    return this.graph.convolution(image, weights, biasNode, windows, activation);
  }

  /** By slices and one concat: tfjs' DepthToSpace takes 6 ms on wasm, a third of the network; this a tenth of one. */
  private depthToSpace(tensor: number, block: number): string {
    const [, height, width, depth] = this.model.shape(tensor);
    const rowDepth = depth / block; // what one of the block's rows takes
    const rows = Array.from({ length: block }, (_, row) => {
      const begin = this.integers([0, 0, 0, row * rowDepth]);
      const slice = this.graph.node('Slice', [this.node(tensor), begin, this.integers([1, height, width, rowDepth])]);
      return this.graph.node('Reshape', [slice, this.integers([height, 1, width * rowDepth])]);
    });
    const axis = this.graph.constant([], Int32Array.of(1));
    const stacked = this.graph.node('ConcatV2', [...rows, axis], { N: { i: `${block}` } });
    const shape = [1, height * block, width * block, rowDepth / block];
    return this.graph.node('Reshape', [stacked, this.integers(shape)]);
  }

  private integers(values: readonly number[]): string {
    return this.graph.constant([values.length], Int32Array.from(values));
  }

  private pad([x, amounts]: readonly number[], output: number): void {
    const values = this.constant(amounts).values as Int32Array;
    const [top, bottom, left, right] = values.slice(2, 6);
    const isOfImages = [0, 1, 6, 7].every((i) => values[i] === 0);
    if (isOfImages) this.padded.set(output, { tensor: x, pads: [top, bottom, left, right] });
    else this.nodes.set(output, this.graph.node('Pad', [this.node(x), this.node(amounts)]));
  }

  private node(tensor: number): string {
    let node = this.nodes.get(tensor);
    if (node !== undefined) return node;
    const padded = this.padded.get(tensor);
    if (padded) {
      const amounts = this.graph.constant([4, 2], Int32Array.of(0, 0, ...padded.pads, 0, 0));
      node = this.graph.node('Pad', [this.node(padded.tensor), amounts]);
    } else {
      const { shape, values } = this.constant(tensor);
      node = this.graph.constant(shape, values);
    }
    this.nodes.set(tensor, node);
    return node;
  }

  private constant(tensor: number): { shape: number[]; values: Float32Array | Int32Array } {
    const known = this.constants.get(tensor);
    if (known) return known;
    const values = this.model.values(tensor);
    if (!values) throw new Error(`tflite: tensor ${tensor} must be constant or made by an operator`);
    return { shape: this.model.shape(tensor), values };
  }
}

/** `[outChannels, rest]` as `[rest, outChannels]`. */
function swapped(values: Float32Array | Int32Array, outChannels: number): Float32Array {
  const rest = values.length / outChannels;
  return Float32Array.from(values, (_, i) => values[(i % outChannels) * rest + Math.floor(i / outChannels)]);
}
