import type { Safetensors, SafetensorsTensor } from '@tfjs-sparse/core';
import type { AutoencoderSettings } from '@tfjs-sparse/topk';
import type { PeerCase } from '../../../src/peer-goldens.js';
import { autoencodeSignature, lossSignature, type LossAttrs } from './autoencoder-operations.js';
import type { Naming } from './peer-names.js';

export type Named = Readonly<Record<string, SafetensorsTensor>>;

/** The tensors without one of them. */
export function without(tensors: Named, name: string): Named {
  return Object.fromEntries(Object.entries(tensors).filter(([other]) => other !== name));
}

const tolerance = {
  output: 1e-5,
  gradient: 1e-4,
  reason: 'float32 sums in another order than the library, which itself is within 3e-6 of float64',
};

/** The tensors of a file, in our orientation. */
export class PeerFile {
  constructor(private readonly file: Safetensors) {}

  has(name: string): boolean {
    return this.file.tensors.has(name);
  }

  /** Whether relu made some of the chosen pre-activations 0, of which any other might have been chosen as well. */
  choseZeros(): boolean {
    return (this.file.metadata.get('selected_zero_acts') ?? '0') !== '0';
  }

  tensor(name: string): SafetensorsTensor {
    const tensor = this.file.tensors.get(name);
    if (!tensor) throw new RangeError(`golden: the file must have the tensor '${name}', got none`);
    return tensor;
  }

  oriented(name: string, orientation: 'rows' | 'transposed'): SafetensorsTensor {
    const tensor = this.tensor(name);
    if (orientation === 'rows') return tensor;
    const [rows, columns] = tensor.shape;
    const values = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        values[column * rows + row] = tensor.values[row * columns + column] as number;
      }
    }
    return { dtype: 'F32', shape: [columns, rows], values };
  }

  weights({ encoder, decoder, vectors }: Naming): Record<string, SafetensorsTensor> {
    const named = Object.entries(vectors).filter(([, name]) => this.has(`w.${name}`));
    return {
      encoder: this.oriented(`w.${encoder[0]}`, encoder[1]),
      decoder: this.oriented(`w.${decoder[0]}`, decoder[1]),
      ...Object.fromEntries(named.map(([ours, name]) => [ours, this.tensor(`w.${name}`)])),
    };
  }

  gradients({ encoder, decoder, vectors }: Naming): Record<string, SafetensorsTensor> {
    const named = Object.entries(vectors).filter(([, name]) => this.has(`grad.w.${name}`));
    return {
      ...(this.has('grad.x') ? { x: this.tensor('grad.x') } : {}),
      encoder: this.oriented(`grad.w.${encoder[0]}`, encoder[1]),
      decoder: this.oriented(`grad.w.${decoder[0]}`, decoder[1]),
      ...Object.fromEntries(named.map(([ours, name]) => [ours, this.tensor(`grad.w.${name}`)])),
    };
  }

  /** Those besides the one of the shared matrix. */
  tiedGradients(names: Naming): Record<string, SafetensorsTensor> {
    return without(without(this.gradients(names), 'encoder'), 'decoder');
  }

  /** bool: whether each integer exceeds a limit. */
  above(name: string, limit: number): SafetensorsTensor {
    const { shape, values } = this.tensor(name);
    return { dtype: 'BOOL', shape, values: Uint8Array.from(values as Int32Array, (value) => Number(value > limit)) };
  }

  atLeast(name: string, limit: number): SafetensorsTensor {
    return this.above(name, limit - 1);
  }

  exponential(name: string): SafetensorsTensor {
    const { shape, values } = this.tensor(name);
    return { dtype: 'F32', shape, values: Float32Array.from(values as Float32Array, Math.exp) };
  }

  /** The gradient to a threshold from that to its logarithm. */
  overThreshold(name: string, threshold: SafetensorsTensor): SafetensorsTensor {
    const { shape, values } = this.tensor(name);
    const gradient = (values as Float32Array).map((value, i) => value / (threshold.values[i] as number));
    return { dtype: 'F32', shape, values: gradient };
  }

  forward(weights: Named, settings: AutoencoderSettings, features: string, reconstruction: string): PeerCase {
    return {
      operation: autoencodeSignature,
      attrs: { settings, withPreActivations: false },
      inputs: { x: this.tensor('in.x'), ...weights },
      outputs: { features: this.tensor(`out.${features}`), reconstruction: this.tensor(`out.${reconstruction}`) },
      tolerance,
    };
  }

  /** Of a file that has the output, and not the dense features: these come from what it chose, where it says so. */
  reconstruction(weights: Named, settings: AutoencoderSettings, reconstruction: string): PeerCase[] {
    if (!this.has('out.top_acts')) return [];
    const used = without(weights, 'dead');
    const [rows, k] = this.tensor('out.top_acts').shape;
    const [features] = weights.encoder.shape;
    const dense = new Float32Array(rows * features);
    for (let entry = 0; entry < rows * k; entry++) {
      const feature = this.tensor('idx.top_indices').values[entry] as number;
      dense[Math.floor(entry / k) * features + feature] = this.tensor('out.top_acts').values[entry] as number;
    }
    return [
      {
        operation: autoencodeSignature,
        attrs: { settings, withPreActivations: false },
        inputs: { x: this.tensor('in.x'), ...used },
        outputs: {
          features: { dtype: 'F32', shape: [rows, features], values: dense },
          reconstruction: this.tensor(`out.${reconstruction}`),
        },
        tolerance,
      },
    ];
  }

  /** @param gradients of the loss itself; default none */
  loss(weights: Named, attrs: LossAttrs, output: string, gradients: Named = {}): PeerCase {
    const y: Named = this.has('in.y') ? { y: this.tensor('in.y') } : {};
    return {
      operation: lossSignature,
      attrs,
      inputs: { x: this.tensor('in.x'), ...y, ...weights },
      outputs: { loss: this.tensor(`out.${output}`) },
      cotangents: Object.keys(gradients).length > 0 ? { loss: one } : {},
      gradients,
      tolerance,
    };
  }
}

const one: SafetensorsTensor = { dtype: 'F32', shape: [], values: Float32Array.of(1) };
