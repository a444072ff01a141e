import type { layers } from '@tensorflow/tfjs-layers';
import type { TorchModule, TorchParameter } from './torch-module.js';

/** Where one weight of a layer is in a state dict. */
export interface WeightSource {
  /** Path of the module in the checkpoint. */
  readonly module: string;
  /** Of its tensor. */
  readonly name: string;
  /** E.g. the transposed matrix of a Linear; default the tensor as it is. */
  readonly convert?: (parameter: TorchParameter) => TorchParameter;
  /** Zeros where there is no such tensor, as of a bias; default an error. */
  readonly isOptional?: boolean;
}

/** For a layer that is made of several modules: a source for each weight, by its name behind the layer's (`norm1/gamma`). */
export type WeightSources = Readonly<Record<string, WeightSource>>;

export interface SourcedWeights {
  /** In the order of `getWeights()`. */
  readonly weights: readonly TorchParameter[];
  readonly modules: readonly TorchModule[];
}

/** A layer's weights from their sources, or why there are none: all that is missing or of another shape. */
export async function sourcedWeights(
  layer: layers.Layer,
  sources: WeightSources,
  modules: readonly TorchModule[],
): Promise<SourcedWeights | string> {
  const weights: TorchParameter[] = [];
  const found = new Set<TorchModule>();
  const faults: string[] = [];
  for (const { originalName, shape: wanted } of layer.weights) {
    const key = originalName.slice(layer.name.length + 1);
    const source = sources[key];
    const shape = wanted.map(Number);
    const module = source && modules.find(({ path }) => path === source.module);
    if (!source) faults.push(`no source of ${key}`);
    else if (module?.has(source.name)) {
      const read = await module.read(source.name);
      const weight = converted(source, read);
      const isFitting = typeof weight !== 'string' && weight.shape.join() === shape.join();
      if (isFitting) weights.push(weight);
      else
        faults.push(`${source.module}.${source.name} [${read.shape.join(', ')}] does not become [${shape.join(', ')}]`);
      found.add(module);
    } else if (source.isOptional) {
      weights.push({ shape, values: new Float32Array(shape.reduce((product, length) => product * length, 1)) });
    } else faults.push(`no ${source.module}.${source.name}`);
  }
  return faults.length > 0 ? faults.join(', ') : { weights, modules: [...found] };
}

function converted({ convert }: WeightSource, parameter: TorchParameter): TorchParameter | string {
  try {
    return convert ? convert(parameter) : parameter;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
