import type { io } from '@tensorflow/tfjs';

type Attribute = object;
type Activation = 'Relu' | 'Relu6' | null;

/** How a convolution's windows lie. */
export interface Windows {
  readonly stride: number;
  /** Default SAME. */
  readonly padding?: 'SAME' | 'VALID' | readonly [top: number, bottom: number, left: number, right: number];
}

/** Writes a graph as tfjs' converter does: frozen, with bias and activation fused into convolutions. */
export class GraphBuilder {
  private readonly nodes: object[] = [];
  private readonly specs: io.WeightsManifestEntry[] = [];
  private readonly values: Uint8Array[] = [];

  input(shape: readonly number[]): string {
    return this.add('x', 'Placeholder', [], { dtype: { type: 'DT_FLOAT' }, shape: { shape: dimensions(shape) } });
  }

  constant(shape: readonly number[], values: Float32Array | Int32Array): string {
    const name = `weight_${this.specs.length}`;
    const isFloat = values instanceof Float32Array;
    const type = isFloat ? 'DT_FLOAT' : 'DT_INT32';
    this.specs.push({ name, shape: [...shape], dtype: isFloat ? 'float32' : 'int32' });
    this.values.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    const value = { tensor: { dtype: type, tensorShape: dimensions(shape) } };
    return this.add(name, 'Const', [], { dtype: { type }, value });
  }

  node(op: string, input: readonly string[], attr: Record<string, Attribute> = {}): string {
    return this.add(`${op.toLowerCase()}_${this.nodes.length}`, op, input, attr);
  }

  /** @param filter of shape `[height, width, inChannels, outChannels]` */
  convolution(x: string, filter: string, bias: string, windows: Windows, activation: Activation): string {
    return this.node('_FusedConv2D', [x, filter, bias], fusedAttributes(windows, activation));
  }

  /** @param filter of shape `[height, width, channels, 1]` */
  depthwise(x: string, filter: string, bias: string, windows: Windows, activation: Activation): string {
    return this.node('FusedDepthwiseConv2dNative', [x, filter, bias], fusedAttributes(windows, activation));
  }

  artifacts(): io.ModelArtifacts {
    const bytes = new Uint8Array(this.values.reduce((sum, { length }) => sum + length, 0));
    let start = 0;
    for (const each of this.values) {
      bytes.set(each, start);
      start += each.length;
    }
    return {
      format: 'graph-model',
      modelTopology: { node: this.nodes, versions: { producer: 1 } },
      weightSpecs: this.specs,
      weightData: bytes.buffer,
    };
  }

  private add(name: string, op: string, input: readonly string[], attr: Record<string, Attribute>): string {
    this.nodes.push({ name, op, input: [...input], attr });
    return name;
  }
}

export function text(value: string): Attribute {
  return { s: btoa(value) };
}

export function integers(values: readonly number[]): Attribute {
  return { list: { i: values.map(String) } };
}

function fusedAttributes({ stride, padding = 'SAME' }: Windows, activation: Activation): Record<string, Attribute> {
  const isNamed = typeof padding === 'string';
  return {
    strides: integers([1, stride, stride, 1]),
    dilations: integers([1, 1, 1, 1]),
    padding: text(isNamed ? padding : 'EXPLICIT'),
    ...(isNamed ? {} : { explicit_paddings: integers([0, 0, ...padding, 0, 0]) }),
    data_format: text('NHWC'),
    num_args: { i: '1' },
    fused_ops: { list: { s: ['BiasAdd', ...(activation ? [activation] : [])].map((op) => btoa(op)) } },
  };
}

function dimensions(shape: readonly number[]): object {
  return { dim: shape.map((size) => ({ size: `${size}` })) };
}
