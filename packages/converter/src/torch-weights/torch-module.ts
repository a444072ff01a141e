import { elementValues } from '../checkpoint/element-values.js';
import { QuantizedTensor } from '../checkpoint/quantized-tensor.js';
import type { Checkpoint, CheckpointTensor, NamedTensor } from '../checkpoint/read-checkpoint.js';
import { denseBytes, dtypeOf } from '../checkpoint/tensor-summary.js';
import { isAttribute } from '../checkpoint/walk-values.js';
import { requireFormat } from '../format-error.js';

/** A parameter or buffer in float32, row-major. */
export interface TorchParameter {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

const reader = 'loadTorchWeights';
/** Of steps of a BatchNorm, and of thop, which leaves its counts in modules. */
const counters = /^(num_batches_tracked|total_ops|total_params)$/;

/** What NVIDIA's ASP (apex.contrib.sparsity) keeps beside a weight: its mask, and what it has pruned. */
const ofAsp = /^__\w+_mma_(mask|pruned_p)$/;

/** The parameters and buffers of one module of a state dict. */
export class TorchModule {
  readonly #read = new Map<string, Promise<TorchParameter>>();

  constructor(
    /** Its name in the network, such as `encoder.0`; '' for the network itself. */
    readonly path: string,
    private readonly tensors: ReadonlyMap<string, CheckpointTensor>,
  ) {}

  /** Of its tensors, as the file has them; one that was pruned and keeps its mask is there once. */
  get names(): string[] {
    const names = [...this.tensors.keys()].filter((name) => !name.endsWith('_mask') && !ofAsp.test(name));
    return names.map((name) => (this.#maskOf(name) ? name.slice(0, -'_orig'.length) : name));
  }

  /** Names of tensors that were not read, but for counters. */
  get unread(): string[] {
    return this.names.filter((name) => !this.#read.has(name) && !counters.test(name));
  }

  has(name: string): boolean {
    return this.names.includes(name);
  }

  shape(name: string): readonly number[] {
    return this.#tensor(name).shape;
  }

  /** A pruned weight is its `_orig` times its `_mask` (torch.nn.utils.prune), or itself times its `mma_mask` (ASP). */
  read(name: string): Promise<TorchParameter> {
    let read = this.#read.get(name);
    if (!read) this.#read.set(name, (read = this.#readOnce(name)));
    return read;
  }

  async #readOnce(name: string): Promise<TorchParameter> {
    const { shape, values } = await parameterOf(this.#tensor(name));
    const maskName = this.tensors.has(name) ? `__${name}_mma_mask` : `${name}_mask`;
    const mask = this.tensors.get(maskName);
    if (!mask) return { shape, values };
    const kept = await parameterOf(mask);
    const isLike = kept.shape.join() === shape.join();
    requireFormat(isLike, reader, `${this.path}.${maskName} must have the shape [${shape}]`, kept.shape);
    const invalid = kept.values.findIndex(Number.isNaN);
    requireFormat(invalid < 0, reader, `${this.path}.${maskName} must be of numbers`, `NaN at element ${invalid}`);
    return { shape, values: values.map((value, i) => (kept.values[i] === 0 ? 0 : value * kept.values[i])) };
  }

  #tensor(name: string): CheckpointTensor {
    const tensor = this.tensors.get(name) ?? this.tensors.get(`${name}_orig`);
    requireFormat(tensor !== undefined, reader, `${this.path} must have ${name}`, [...this.tensors.keys()].join(', '));
    return tensor;
  }

  #maskOf(name: string): CheckpointTensor | undefined {
    return name.endsWith('_orig') ? this.tensors.get(`${name.slice(0, -'_orig'.length)}_mask`) : undefined;
  }
}

/** Keys under which training code keeps the state dict of its network. */
const containers = ['state_dict', 'model_state_dict', 'model_state', 'model', 'net'];

/** The modules of a checkpoint's state dict that have tensors, in the order of the file. */
export function torchModules({ tensors }: Checkpoint): TorchModule[] {
  const container = containers.find((key) => tensors.some(({ keys }) => keys[0] === key && keys.length > 1));
  const isOfState = ({ keys }: NamedTensor) =>
    !isAttribute(keys[0]) && (container === undefined || keys[0] === container);
  const named = tensors.filter(isOfState).map(({ keys, tensor }) => {
    const names = keys.slice(container === undefined ? 0 : 1);
    return { name: names.map(String).join('.'), tensor };
  });
  const isWrapped = named.length > 0 && named.every(({ name }) => name.startsWith('module.')); // by DataParallel
  const modules = new Map<string, Map<string, CheckpointTensor>>();
  for (const { name: full, tensor } of named) {
    const name = isWrapped ? full.slice('module.'.length) : full;
    const end = name.lastIndexOf('.');
    const path = name.slice(0, Math.max(end, 0));
    if (!modules.has(path)) modules.set(path, new Map());
    modules.get(path)!.set(name.slice(end + 1), tensor);
  }
  return Array.from(modules, ([path, parameters]) => new TorchModule(path, parameters));
}

async function parameterOf(tensor: CheckpointTensor): Promise<TorchParameter> {
  const dtype = dtypeOf(tensor);
  requireFormat(!dtype.startsWith('complex'), reader, 'weights must be real numbers', dtype);
  const stored = elementValues(await denseBytes(tensor), dtype);
  const values = stored instanceof Float32Array ? stored : Float32Array.from(stored as ArrayLike<number>, Number);
  if (!(tensor instanceof QuantizedTensor)) return { shape: tensor.shape, values };
  return { shape: tensor.shape, values: await dequantized(values, tensor) };
}

async function dequantized(integers: Float32Array, { scheme, shape }: QuantizedTensor): Promise<Float32Array> {
  if (!('axis' in scheme)) return integers.map((value) => (value - scheme.zeroPoint) * scheme.scale);
  const [scales, zeroPoints] = [await parameterOf(scheme.scales), await parameterOf(scheme.zeroPoints)];
  const inner = shape.slice(scheme.axis + 1).reduce((product, length) => product * length, 1);
  return integers.map((value, i) => {
    const channel = Math.floor(i / inner) % shape[scheme.axis];
    return (value - zeroPoints.values[channel]) * scales.values[channel];
  });
}
