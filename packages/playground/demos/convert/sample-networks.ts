import { seededRandom, writeSafetensors, type SafetensorsTensor } from '@tfjs-sparse/core';

/** The file of a small network. */
export interface SampleNetwork {
  readonly name: string;
  readonly contents: Uint8Array<ArrayBuffer>;
}

interface Pruning {
  readonly name: string;
  readonly sparsity: number;
  /** Outputs whose weights are 0 together. */
  readonly blockRows: number;
}

const prunings: readonly Pruning[] = [
  { name: 'resnet20-90-percent-zeros', sparsity: 0.9, blockRows: 1 },
  { name: 'resnet20-85-percent-in-blocks', sparsity: 0.85, blockRows: 8 },
];

export function sampleName(set: number): string {
  return prunings[set % prunings.length].name;
}

/** Draws the weights of a ResNet-20 for CIFAR-10, as a state dict of PyTorch has them; it is trained on nothing. */
export function sampleNetwork(set: number): SampleNetwork {
  const { name, sparsity, blockRows } = prunings[set % prunings.length];
  const drawn = new DrawnWeights(seededRandom(set + 1), sparsity, blockRows);
  drawn.convolution('conv1', 'bn1', channelsOf[0], 3, 3);
  channelsOf.forEach((channels, stage) => {
    for (let block = 0; block < blocksOfStage; block++) {
      const path = `layer${stage + 1}.${block}`;
      const inputs = block === 0 && stage > 0 ? channelsOf[stage - 1] : channels;
      drawn.convolution(`${path}.conv1`, `${path}.bn1`, channels, inputs, 3);
      drawn.convolution(`${path}.conv2`, `${path}.bn2`, channels, channels, 3);
      if (inputs !== channels) drawn.convolution(`${path}.shortcut.0`, `${path}.shortcut.1`, channels, inputs, 1);
    }
  });
  drawn.linear('linear', classes, channelsOf[channelsOf.length - 1]);
  return { name: `${name}.safetensors`, contents: Uint8Array.from(writeSafetensors(drawn.tensors)) };
}

const channelsOf = [16, 32, 64] as const; // of each stage
const blocksOfStage = 3;
const classes = 10;

/** Tensors by the names of their modules. */
class DrawnWeights {
  readonly tensors = new Map<string, SafetensorsTensor>();

  constructor(
    private readonly random: () => number,
    private readonly sparsity: number,
    private readonly blockRows: number,
  ) {}

  /** A filter `[outputs, inputs, size, size]` without bias, and the batch normalization behind it. */
  convolution(path: string, normalization: string, outputs: number, inputs: number, size: number): void {
    const fan = inputs * size * size;
    this.#set(`${path}.weight`, [outputs, inputs, size, size], this.#pruned(outputs, fan));
    const vector = (name: string, middle: number) =>
      this.#set(
        `${normalization}.${name}`,
        [outputs],
        Float32Array.from({ length: outputs }, () => middle + this.#near(0.1)),
      );
    vector('weight', 1);
    vector('bias', 0);
    vector('running_mean', 0);
    vector('running_var', 1);
  }

  linear(path: string, outputs: number, inputs: number): void {
    this.#set(
      `${path}.weight`,
      [outputs, inputs],
      Float32Array.from({ length: outputs * inputs }, () => this.#near(0.2)),
    );
    this.#set(`${path}.bias`, [outputs], new Float32Array(outputs));
  }

  /** `[outputs, fan]`; sums of the inputs keep their size whatever is 0. */
  #pruned(outputs: number, fan: number): Float32Array {
    const values = new Float32Array(outputs * fan);
    const bound = Math.sqrt(3 / (fan * (1 - this.sparsity)));
    for (let first = 0; first < outputs; first += this.blockRows) {
      for (let input = 0; input < fan; input++) {
        if (this.random() < this.sparsity) continue;
        for (let row = first; row < first + this.blockRows; row++) values[row * fan + input] = this.#near(bound);
      }
    }
    return values;
  }

  #set(name: string, shape: readonly number[], values: Float32Array): void {
    this.tensors.set(name, { dtype: 'F32', shape, values });
  }

  #near(bound: number): number {
    return bound * (2 * this.random() - 1);
  }
}
