import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Architecture } from '../architectures/architecture.js';
import type { OnnxModel } from '../onnx/read-onnx.js';
import type { RuleSet } from '../rule.js';

/** What the `/convert` entry of a package gives to `convertFile` and the command line, as `converterPlugin`. */
export interface ConverterPlugin {
  /** For reports, such as `@tfjs-sparse/sparse-matmul`. */
  readonly name: string;
  /** For products and patterns of graphs and layers models. */
  readonly rules?: RuleSet;
  /** For `precision: 'int4'`: products with weights in codes of 4 bits. They see what `rules` leave dense. */
  readonly quantizationRules?: RuleSet;
  /** Names of the ops of graphs that its `/graph-ops` registers. */
  readonly graphOps?: readonly string[];
  /** Networks of the plugin's layers that are built from a state dict. */
  readonly architectures?: readonly Architecture[];
  /** Networks of nodes that are no operators of ONNX. */
  readonly onnxNetworks?: readonly OnnxNetwork[];
  /** How a product of the plugin would have a weight; null where the dense one is as good. */
  readonly kernelOf?: (weight: ProductWeight) => WeightKernel | null;
}

/** Networks that an exporter writes with nodes of its own, such as sparse convolutions. */
export interface OnnxNetwork {
  /** What a model is, in a line for people; null for another. */
  recognise(model: OnnxModel): string | null;
  /** @throws RangeError for what it cannot build */
  build(model: OnnxModel): Promise<LayersModel>;
}

/** A matrix of weights. */
export interface ProductWeight {
  /** `[inputs, outputs]`, row-major; a convolution's places and channels are its inputs. */
  readonly values: Float32Array;
  readonly inputs: number;
  readonly outputs: number;
  /** Places of the filter; 1 for a linear layer. */
  readonly places: number;
}

export interface WeightKernel {
  /** The op. */
  readonly kernel: string;
  /** How the weights are stored, as the plugin names it. */
  readonly pattern: string;
  /** Bytes of the stored weights. */
  readonly bytes: number;
  /** Estimated time of the product over that of the dense one. */
  readonly relativeTime: number;
}
