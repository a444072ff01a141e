import { io, memory, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { readSafetensors } from '@tfjs-sparse/core';
import type { Graph } from '../graph/graph.js';
import { writeGraph } from '../graph/write-graph.js';
import { simplifyGraph } from '../passes/simplify-graph.js';

export interface GoldenArray {
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** A network of another framework with tensors that it was given, and what it gave. */
export interface GoldenCase {
  readonly name: string;
  readonly file: Uint8Array<ArrayBuffer>;
  readonly inputs: readonly GoldenArray[];
  readonly outputs: readonly GoldenArray[];
}

const dtypes = { F32: 'float32', I32: 'int32', BOOL: 'bool' } as const;

/** @param kind of the tensor that is the network's file */
export function goldenCases(file: Uint8Array, kind: string): GoldenCase[] {
  const { tensors } = readSafetensors(file);
  const arrayOf = (name: string): GoldenArray | null => {
    const found = tensors.get(name);
    if (!found) return null;
    const { dtype, shape, values } = found;
    return { dtype: dtypes[dtype as keyof typeof dtypes], shape, values: values as GoldenArray['values'] };
  };
  const numbered = (name: string, side: string): GoldenArray[] => {
    const arrays: GoldenArray[] = [];
    for (let next = arrayOf(`${name}/${side}_0`); next; next = arrayOf(`${name}/${side}_${arrays.length}`)) {
      arrays.push(next);
    }
    return arrays;
  };
  const names = [...tensors.keys()].filter((each) => each.endsWith(`/${kind}`)).map((each) => each.slice(0, -kind.length - 1)); // prettier-ignore
  return names.map((name) => {
    const bytes = tensors.get(`${name}/${kind}`)!.values as Uint8Array;
    return { name, file: bytes.slice(), inputs: numbered(name, 'input'), outputs: numbered(name, 'output') };
  });
}

/** Outputs in the order of the signature; nothing is left behind. */
export async function outputsOf(graph: Graph, inputs: Readonly<Record<string, GoldenArray>>): Promise<GoldenArray[]> {
  await simplifyGraph(graph);
  const before = memory().numTensors;
  const model = await loadGraphModel(io.fromMemory(writeGraph(graph)));
  const given = Object.fromEntries(
    Object.entries(inputs).map(([name, { dtype, shape, values }]) => [name, tensor(values, [...shape], dtype)]),
  );
  const { outputs = {} } = graph.surroundings.artifacts.signature as { outputs?: object };
  const made = [model.execute(given, Object.keys(outputs))].flat();
  const arrays = await Promise.all(made.map(arrayOfTensor));
  for (const each of [...made, ...Object.values(given)]) each.dispose();
  model.dispose();
  expect(memory().numTensors).withContext('tensors left behind').toBe(before);
  return arrays;
}

async function arrayOfTensor(each: Tensor): Promise<GoldenArray> {
  const { dtype, shape } = each;
  return { dtype: dtype as GoldenArray['dtype'], shape, values: (await each.data()) as GoldenArray['values'] };
}

/** The largest difference, relative above 1. */
export function largestError(got: GoldenArray, wanted: GoldenArray): number {
  let largest = 0;
  wanted.values.forEach((value, i) => {
    const other = got.values[i];
    const isSame = value === other || (Number.isNaN(value) && Number.isNaN(other));
    const error = isSame ? 0 : Math.abs(value - other) / Math.max(1, Math.abs(value));
    largest = Number.isNaN(error) ? Infinity : Math.max(largest, error);
  });
  return largest;
}
