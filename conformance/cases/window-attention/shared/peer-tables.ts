import type { Safetensors, SafetensorsTensor } from '@tfjs-sparse/core';
import { tablesOf, type ExactSets } from './set-operation.js';

/** The repository whose code made a file. */
export function sourceOf(file: Safetensors): string | undefined {
  return file.metadata.get('source');
}

/** Whether a file is a case of that name of a repository. */
export function isCaseOf(file: Safetensors, source: string, name: string): boolean {
  return sourceOf(file) === source && file.metadata.get('case') === name;
}

export function attributesOf<Attributes>(file: Safetensors): Attributes {
  return JSON.parse(file.metadata.get('attributes')!) as Attributes;
}

/** The integers of a tensor. */
export function integersOf(file: Safetensors, name: string): number[] {
  const tensor = file.tensors.get(name);
  if (!tensor) throw new RangeError(`golden: the file must have the tensor '${name}', got none`);
  return Array.from(tensor.values, Number);
}

export function int32Tensor(values: readonly number[], shape: readonly number[] = [values.length]): SafetensorsTensor {
  return { dtype: 'I32', shape, values: Int32Array.from(values) };
}

/** The outputs of a partition by rows of its coordinates; a row's place is the first of its slots unless it is given. */
export function expectedTables(
  sets: ExactSets,
  siteCount: number,
  places?: readonly number[],
): Record<string, SafetensorsTensor> {
  const tables = Object.entries(tablesOf(sets, siteCount)).map(([name, { values }]) => [name, int32Tensor(values)]);
  return { ...Object.fromEntries(tables), ...(places && { places: int32Tensor(places) }) };
}

/** Pieces of a list between neighbouring starts. */
export function piecesOf<T>(values: readonly T[], starts: readonly number[]): T[][] {
  return starts.slice(1).map((end, i) => values.slice(starts[i], end));
}

/** Pieces of one size. */
export function piecesOfSize<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size));
}

/** Torch's weight of a linear layer or a 1 x 1 convolution, `[out, in]` or `[out, in, 1, 1]`, as `[in, out]`. */
export function inputsFirst({ shape: [outer, inner], values }: SafetensorsTensor): SafetensorsTensor {
  const turned = Float32Array.from({ length: inner * outer }, (_, i) =>
    Number(values[(i % outer) * inner + Math.floor(i / outer)]),
  );
  return { dtype: 'F32', shape: [inner, outer], values: turned };
}
