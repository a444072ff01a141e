import {
  add,
  concat,
  reshape,
  slice,
  tensor1d,
  tensor2d,
  tidy,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { kindOf, requireOptions, requireRange, requireType, seededRandom } from '@tfjs-sparse/core';
import { openPackOf, packOptions, type LoadPackOptions, type Pack, type PackKind } from '@tfjs-sparse/packs';
import { alphabet, characterIndices } from './alphabet.js';
import './layers.js';
import { blockCount, changedScores, requireBlock, residualStream, type Change } from './residual-stream.js';
import { sample } from './sample.js';

/**
 * The networks of this package: with top-k MLPs, the dense one of equal size, and one of a longer context whose characters
 * see a window of it.
 */
export type Network = 'topk' | 'dense' | 'window';

export interface ShakespeareOptions extends LoadPackOptions {
  /** Which of this package's networks; default `topk`. */
  readonly network?: Network;
  /** Folder or URL of another pack of such a network. In a bundle, where the pack is served. */
  readonly source?: string | URL;
}

export interface Steering {
  /** Behind which block, from 0. */
  readonly block: number;
  /**
   * What is added to the residual stream at every character: `[width]`, or a function of the stream
   * `[characters, width]`, which gives as much.
   */
  readonly delta: ArrayLike<number> | ((residual: Tensor2D) => Tensor2D);
}

export interface GenerateOptions {
  /** How many characters; default 200. */
  readonly length?: number;
  /** Scores are divided by it: 0 always takes the likeliest character; default 0.8. */
  readonly temperature?: number;
  /** Of the choices; the same seed gives the same text on a backend. Default 0. */
  readonly seed?: number;
  readonly steer?: Steering;
  /** Called with every character as it comes. */
  readonly onCharacter?: (character: string) => void;
}

const folders: Readonly<Record<Network, string>> = { topk: '../', dense: '../dense/', window: '../window/' };

/**
 * Opens one of this package's networks; `dispose` frees it.
 *
 * @throws RangeError for an unknown network; what `loadPack` throws
 */
export async function loadShakespeare(given: ShakespeareOptions = {}): Promise<Shakespeare> {
  requireOptions('loadShakespeare', given, ['network', 'source', ...packOptions]);
  const { network = 'topk', source, ...options } = given;
  const names = Object.keys(folders);
  requireRange(names.includes(network), 'loadShakespeare', `network must be ${names.join(' or ')}`, network);
  const folder = source ?? new URL(folders[network], import.meta.url);
  return openPackOf('loadShakespeare', kind, folder, options, (pack) => new Shakespeare(pack));
}

const kind: PackKind = {
  name: 'shakespeare-topk',
  inputs: [[null, null]],
  outputs: [[null, null, alphabet.length]],
  layers: ['embedding'],
};

/** A character transformer, on the backend that is active. */
export class Shakespeare {
  /** Characters that it sees at a time. */
  readonly context: number;
  readonly blocks: number;
  /** Of the residual stream. */
  readonly width: number;

  /** @param pack loaded; `dispose` frees it */
  constructor(readonly pack: Pack) {
    const { places, width } = pack.model.getLayer('embedding').getConfig() as { places: number; width: number };
    this.context = places;
    this.width = width;
    this.blocks = blockCount(pack.model);
  }

  /**
   * Goes on with a text.
   *
   * @returns the new characters
   * @throws RangeError for characters that are not in the alphabet, or options out of range
   */
  async generate(prompt: string, options: GenerateOptions = {}): Promise<string> {
    requireType(typeof prompt === 'string', 'generate', 'prompt must be a text', kindOf(prompt));
    requireOptions('generate', options, ['length', 'temperature', 'seed', 'steer', 'onCharacter']);
    const { length = 200, temperature = 0.8, seed = 0, steer, onCharacter } = options;
    requireRange(Number.isInteger(length) && length >= 0, 'generate', 'length must be an integer from 0', length);
    requireRange(temperature >= 0, 'generate', 'temperature must be at least 0', temperature);
    const change = steer && this.changeOf(steer);
    const random = seededRandom(seed);
    const indices = [...characterIndices(prompt || '\n')];
    let text = '';
    for (let i = 0; i < length; i++) {
      const scores = await this.nextScores(indices.slice(-this.context), change && { block: steer.block, change });
      const index = sample(scores, temperature, random());
      indices.push(index);
      text += alphabet[index];
      onCharacter?.(alphabet[index]);
    }
    return text;
  }

  /**
   * The residual stream behind a block at each character of a text. A text longer than the context is taken in parts of its
   * length, of which each begins without context.
   *
   * @param block from 0
   * @returns     `[characters, width]`
   */
  activations(text: string, block: number): Tensor2D {
    requireBlock('activations', this.pack.model, block);
    const indices = characterIndices(text);
    requireRange(indices.length > 0, 'activations', 'text must have a character', 'none');
    return tidy(() => {
      const parts: Tensor2D[] = [];
      for (let start = 0; start < indices.length; start += this.context) {
        const part = indices.subarray(start, start + this.context);
        const residual = residualStream(this.pack.model, tensor2d(part, [1, part.length], 'int32'), block);
        parts.push(reshape(residual, [part.length, this.width]));
      }
      return parts.length === 1 ? parts[0] : concat(parts);
    });
  }

  /** Frees the pack. */
  dispose(): void {
    this.pack.dispose();
  }

  private changeOf({ block, delta }: Steering): Change {
    requireBlock('generate', this.pack.model, block);
    if (typeof delta === 'function') {
      return (residual) => {
        const rows = reshape(residual, [-1, this.width]) as Tensor2D;
        return reshape(add(rows, delta(rows)), residual.shape);
      };
    }
    const isFitting = delta.length === this.width;
    requireRange(isFitting, 'generate', `delta must have ${this.width} numbers`, delta.length);
    const values = Float32Array.from(delta);
    const odd = values.find((value) => !Number.isFinite(value));
    requireRange(odd === undefined, 'generate', 'delta must be finite numbers', odd);
    return (residual) => add(residual, tensor1d(values));
  }

  /** Of the last character. */
  private async nextScores(
    indices: readonly number[],
    changed: { readonly block: number; readonly change: Change } | undefined,
  ): Promise<Float32Array> {
    const { model } = this.pack;
    const last = tidy(() => {
      const x = tensor2d(Int32Array.from(indices), [1, indices.length], 'int32');
      const scores = changed ? changedScores(model, x, changed.block, changed.change) : (model.apply(x) as Tensor3D);
      return slice(scores, [0, indices.length - 1, 0], [1, 1, alphabet.length]);
    });
    const values = await last.data<'float32'>();
    last.dispose();
    return values;
  }
}
