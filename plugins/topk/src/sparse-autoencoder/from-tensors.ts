import { dispose, tensor, tidy, transpose, type Tensor } from '@tensorflow/tfjs-core';
import { float16Value, hostValues, readSafetensors, requireRange, requireType, violation } from '@tfjs-sparse/core';
import { SparseAutoencoder } from './layer.js';
import { formatOf, type LibraryConfig, type LibraryFormat, type SaeLibrary } from './library-formats.js';

/** One of the library's tensors, and the weight that it became. */
export interface SaePairing {
  readonly theirs: string;
  readonly ours: string;
  readonly isTransposed: boolean;
}

export interface ConvertedSae {
  readonly layer: SparseAutoencoder;
  readonly library: SaeLibrary;
  readonly pairings: readonly SaePairing[];
}

/**
 * An autoencoder of openai/sparse_autoencoder, EleutherAI/sparsify, SAELens or dictionary_learning as a layer. The library
 * is told by the names; matrices are turned to a row per feature. What only training needs (counters, loss weights of
 * other values than the library's defaults) is not taken over.
 *
 * @param tensors by the library's names, float32; they stay the caller's
 * @param config  the library's own: cfg.json of sparsify and SAELens; `{ activation, k }` of openai; of dictionary_learning
 *   `{ dict_class, k }` where it is a TopK one (`k` also as the tensor of that name)
 * @throws RangeError where no library has such names, or a tensor is missing, too many or of another shape than the others
 */
export function saeFromTensors(tensors: Readonly<Record<string, Tensor>>, config: LibraryConfig = {}): ConvertedSae {
  const names = Object.keys(tensors);
  const scalars = names.filter((name) => tensors[name].size === 1 && /^(k|activation\.k)$/.test(name));
  const known = Object.fromEntries(scalars.map((name) => [name, hostValues(tensors[name], 'saeFromTensors', name)[0]]));
  const format = formatOf(names, { ...known, ...config });
  requireNames(names, format);
  const pairs = Object.entries(format.tensors).filter(([theirs]) => names.includes(theirs));
  const theirsOf = (ours: string) => pairs.find(([, rule]) => rule.ours === ours)?.[0];
  const [features] = tensors[theirsOf('encoderBias') ?? theirsOf('gateBias')!].shape;
  const pairings = pairs.map(([theirs, rule]) => {
    return { theirs, ours: rule.ours, isTransposed: hasColumns(tensors[theirs], theirs, rule.isTransposed, features) };
  });
  const shapeOf = (ours: string): number[] => {
    const { theirs, isTransposed } = pairings.find((pairing) => pairing.ours === ours)!;
    return isTransposed ? [...tensors[theirs].shape].reverse() : tensors[theirs].shape;
  };
  const [, width] = shapeOf('encoder');
  const outWidth = format.args.tied ? width : shapeOf('decoder')[1];
  const layer = new SparseAutoencoder({
    ...format.args,
    features,
    ...(outWidth === width ? {} : { outWidth }),
    inputShape: [width],
  });
  layer.buildAlone([null, width]);
  try {
    tidy(() => {
      for (const { theirs, ours, isTransposed } of pairings) {
        const given = tensors[theirs];
        requireType(given.dtype === 'float32', 'saeFromTensors', `${theirs} must be float32`, given.dtype);
        layer.setWeight(ours, isTransposed ? transpose(given) : given, theirs);
      }
    });
  } catch (error) {
    for (const weight of layer.weights) weight.dispose();
    throw error;
  }
  const { library } = format;
  return { layer, library, pairings };
}

/** `saeFromTensors` of a .safetensors file with tensors of 32 or 16 bits. */
export function saeFromSafetensors(bytes: Uint8Array, config: LibraryConfig = {}): ConvertedSae {
  const named = [...readSafetensors(bytes).tensors].map(([name, { dtype, shape, values }]) => {
    return [name, tensor(floatsOf(name, dtype, values as ArrayLike<number>), [...shape], 'float32')] as const;
  });
  try {
    return saeFromTensors(Object.fromEntries(named), config);
  } finally {
    dispose(named.map(([, each]) => each));
  }
}

function floatsOf(name: string, dtype: string, values: ArrayLike<number>): Float32Array {
  if (dtype === 'F32' || dtype === 'F64') return Float32Array.from(values);
  if (dtype === 'F16') return Float32Array.from(values, float16Value);
  if (dtype === 'BF16') return new Float32Array(Uint32Array.from(values, (bits) => bits << 16).buffer);
  throw new RangeError(violation('saeFromSafetensors', `${name} must be F64, F32, F16 or BF16`, dtype));
}

/**
 * Whether a matrix has a column per feature. The library's own orientation decides where both would fit; files of others
 * that took its names may have the other one (`W_enc [features, width]`).
 */
function hasColumns(given: Tensor, name: string, isTransposed: boolean | undefined, features: number): boolean {
  if (isTransposed === undefined) return false;
  requireRange(given.rank === 2, 'saeFromTensors', `${name} must be a matrix`, given.shape);
  const [first, last] = given.shape;
  requireRange(first === features || last === features, 'saeFromTensors', `${name} must have an axis of ${features} (as the encoder's bias)`, given.shape); // prettier-ignore
  return first === last ? isTransposed : last === features;
}

function requireNames(names: readonly string[], { library, tensors, ignored }: LibraryFormat): void {
  const missing = Object.keys(tensors).filter((name) => !tensors[name].isOptional && !names.includes(name));
  const rule = `tensors of ${library} must have ${missing.map((name) => `'${name}'`).join(', ')}`;
  requireRange(missing.length === 0, 'saeFromTensors', rule, `[${names.join(', ')}]`);
  const extra = names.filter((name) => !(name in tensors) && !ignored.some((pattern) => pattern.test(name)));
  const known = `tensors of ${library} must be among [${Object.keys(tensors).join(', ')}]`;
  requireRange(extra.length === 0, 'saeFromTensors', known, `also [${extra.join(', ')}]`);
}
