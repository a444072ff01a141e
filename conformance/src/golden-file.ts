import type { Safetensors, SafetensorsTensor } from '@tfjs-sparse/core';
import * as field from './fields.js';
import { peerGolden, type PeerReader } from './peer-goldens.js';

/** One layer of a case, as the file's metadata says it; the definition of its op reads the further fields. */
export interface GoldenLayer {
  readonly name: string;
  readonly op: string;
  /** Names of earlier layers; `in`, `in2`, … are the inputs of the case, an op on dense tensors names them itself. */
  readonly in: readonly string[];
  readonly [field: string]: unknown;
}

export interface Tolerance {
  /** Largest error of any float32 output, relative to max(1, max|golden|) of its tensor. */
  readonly output: number;
  /** The same for gradients. */
  readonly gradient: number;
  readonly reason: string;
}

/** A case read from a file: what to run and what must come out. */
export interface GoldenCase {
  readonly id: string;
  readonly layers: readonly GoldenLayer[];
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  readonly spatialShape: readonly number[] | null;
  readonly batchSize: number | null;
  readonly tolerance: Tolerance;
}

/** What a file of many cases says about each of them, in `__metadata__.cases`. */
export interface GoldenCaseEntry {
  readonly id: string;
  readonly layers: readonly GoldenLayer[];
  readonly spatialShape?: readonly number[];
  readonly batchSize?: number;
  readonly tolerance: Tolerance;
}

const engineTolerance: Tolerance = {
  output: 1e-5, // the engines differ from float64 by at most 1.8e-6 on this scale
  gradient: 1e-4, // sums over all sites in float32, in another order than the engine's
  reason: 'float32 sums in another order than the engine, which itself is within 1.8e-6 of float64',
};

const layerField: field.Field<GoldenLayer> = (value, where) => {
  if (typeof value !== 'object' || value === null) throw new RangeError(`${where} must be an object, got ${value}`);
  const base = {
    name: field.text(Reflect.get(value, 'name'), `${where}.name`),
    op: field.text(Reflect.get(value, 'op'), `${where}.op`),
    in: field.listOf(field.text)(Reflect.get(value, 'in'), `${where}.in`),
  };
  return { ...value, ...base };
};

const entryFields: field.Fields<GoldenCaseEntry> = {
  id: field.text,
  layers: field.listOf(layerField),
  spatialShape: field.optional(field.numbers),
  batchSize: field.optional(field.number),
  tolerance: field.objectOf({ output: field.number, gradient: field.number, reason: field.text }),
};

/**
 * Metadata of a file of one case that tell where it comes from; its layers repeat what decides a value. An engine's own
 * momentum and leakiness stand in its layers as `momentum` and `slope`.
 */
const provenance = new Set(
  (
    'engine version commit case title seed grads region ours op coord_columns coord_units_after_stride row_order ' +
    'offset_order output_set_rule weight_layout kernel_size stride dilation padding groups in_tensor_stride ' +
    'engine_momentum leakiness'
  ).split(' '),
);

/**
 * The cases of one file: either one case (`__metadata__.layers`) named `id`, or many (`__metadata__.cases`), whose
 * tensors are prefixed `<id>/`. A file of another kind gives the cases that readers of peers' files make of it, each
 * of what it knows, all with the id of the file, or else a case without layers, which is skipped.
 *
 * @throws RangeError for metadata and tensors that no case knows
 */
export function goldenCases(file: Safetensors, id: string, peers: readonly PeerReader[] = []): GoldenCase[] {
  const cases = file.metadata.get('cases');
  if (cases !== undefined) return casesOfMany(file, field.listOf(entryOf)(JSON.parse(cases), 'golden: cases'));
  const layers = file.metadata.get('layers');
  if (layers !== undefined) {
    requireKnown(file.metadata.keys(), (name) => isCaseMetadata(name) || provenance.has(name), 'metadata');
  } else {
    const name = id.slice(id.lastIndexOf('/') + 1);
    const made = peers.flatMap((read) => read(file, name) ?? []);
    if (made.length > 0) return made.map((peerCase) => peerGolden(peerCase, id));
  }
  return [
    {
      id,
      layers: layers === undefined ? [] : field.listOf(layerField)(JSON.parse(layers), 'golden: layers'),
      tensors: file.tensors,
      spatialShape: sizes(file.metadata.get('spatial_shape') ?? file.metadata.get('spatial_size')),
      batchSize: null,
      tolerance: engineTolerance,
    },
  ];
}

const entryOf: field.Field<GoldenCaseEntry> = (value, where) => {
  const id: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'id') : undefined;
  return field.objectOf(entryFields)(value, id === undefined ? where : `golden: case '${String(id)}'`);
};

function casesOfMany(file: Safetensors, entries: readonly GoldenCaseEntry[]): GoldenCase[] {
  requireKnown(file.metadata.keys(), (name) => name === 'cases', 'metadata');
  const tensorsOf = new Map(entries.map(({ id }) => [id, new Map<string, SafetensorsTensor>()]));
  for (const [name, tensor] of file.tensors) {
    const end = name.lastIndexOf('/');
    const tensors = tensorsOf.get(name.slice(0, end));
    if (!tensors) throw new RangeError(`golden: tensors must be named <id>/<name> after a case, got '${name}'`);
    tensors.set(name.slice(end + 1), tensor);
  }
  return entries.map(({ id, layers, spatialShape = null, batchSize = null, tolerance }) => {
    return { id, layers, tensors: tensorsOf.get(id)!, spatialShape, batchSize, tolerance };
  });
}

function requireKnown(names: Iterable<string>, isKnown: (name: string) => boolean, what: string): void {
  for (const name of names) {
    if (!isKnown(name)) throw new RangeError(`golden: ${what} must be known to the runner, got '${name}'`);
  }
}

function isCaseMetadata(name: string): boolean {
  return name === 'layers' || name === 'spatial_shape' || name === 'spatial_size';
}

function sizes(text: string | undefined): readonly number[] | null {
  return text?.startsWith('[') ? field.numbers(JSON.parse(text), 'golden: spatial_shape') : null;
}
