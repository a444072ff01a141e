import { constantNode, pickedConstant, type GraphNode } from '@tfjs-sparse/converter';
import type { StoredWeight } from '@tfjs-sparse/core';
import { chooseFormat, type SparseFormat } from '../pattern/choose-format.js';
import { denseElements, packWeights } from '../pattern/pack-weights.js';
import { encodePattern } from '../pattern/stored-pattern.js';

/** A constant matrix as a graph holds it, packed. */
export interface PackedMatrix {
  readonly format: SparseFormat;
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** New constants. */
  readonly values: GraphNode;
  readonly pattern: GraphNode;
}

/** Packs the constant matrices of one model; products that share one share its packed form. */
export class MatrixPacker {
  readonly #plain = new WeakMap<StoredWeight, PackedMatrix | null>();
  readonly #transposed = new WeakMap<StoredWeight, PackedMatrix | null>();

  /**
   * @param weight       of shape `[..., outFeatures]`, the axes before the last together inFeatures
   * @param isTransposed whether it is `[outFeatures, inFeatures]`
   * @returns            null where the dense product is as fast
   */
  pack(weight: StoredWeight, values: Float32Array, isTransposed: boolean): PackedMatrix | null {
    const known = isTransposed ? this.#transposed : this.#plain;
    if (!known.has(weight)) known.set(weight, packed(weight, values, isTransposed));
    return known.get(weight)!;
  }
}

function packed(weight: StoredWeight, values: Float32Array, isTransposed: boolean): PackedMatrix | null {
  const { name, shape } = weight.spec;
  const columns = shape[shape.length - 1];
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const size: [number, number] = isTransposed ? [columns, rows] : [rows, columns];
  const dense = isTransposed ? transposed(values, rows, columns) : values;
  const format = chooseFormat(dense, size);
  if (!format) return null;
  const { pattern } = packWeights(dense, size, format);
  const elements = denseElements(pattern);
  if (isTransposed) elements.forEach((e, i) => (elements[i] = (e % rows) * columns + Math.floor(e / rows)));
  const words = encodePattern(pattern);
  return {
    format,
    inFeatures: size[0],
    outFeatures: size[1],
    values: pickedConstant(`${name}/values`, [pattern.blockCount, pattern.blockOutputs], weight, elements),
    pattern: constantNode(`${name}/pattern`, [words.length], words),
  };
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
}
