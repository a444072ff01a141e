import type { ByteSource } from '../bytes/byte-source.js';
import { dtypeBytes, type Dtype } from '../checkpoint/dtypes.js';
import { StoredTensor } from '../checkpoint/stored-tensor.js';
import { FormatError, requireFormat } from '../format-error.js';
import { openArchive, type Archive } from './archive.js';
import { inputOf, outputsOf, type ExportedInput } from './export-signature.js';
import { list, object } from './json-values.js';

export type { ExportedInput };

/** A program of torch.export: its graph, and its tensors by the names of the state dict. */
export interface ExportedProgram {
  readonly graph: ExportedGraph;
  /** Which inputs of the graph are parameters, buffers, constants and what the user gives. */
  readonly inputs: readonly ExportedInput[];
  /** What the user gets, in its order; the name of a constant of Python is empty. */
  readonly outputs: readonly string[];
  /** Buffers and inputs that a run changes. */
  readonly changed: readonly string[];
  /** Parameters, buffers and constant tensors. */
  readonly weights: ReadonlyMap<string, StoredTensor>;
  /** Versions of the operators, such as `aten`. */
  readonly opsets: ReadonlyMap<string, number>;
}

/** As the schema of torch.export has it (torch/_export/serde/schema.py, version 8). */
export interface ExportedGraph {
  readonly nodes: readonly ExportedNode[];
  /** Shapes and dtypes of values by name. */
  readonly tensor_values: Readonly<Record<string, { readonly dtype: number; readonly sizes: readonly ExportedSize[] }>>;
}

export interface ExportedNode {
  /** Such as `torch.ops.aten.conv2d.default`. */
  readonly target: string;
  readonly inputs: readonly { readonly name: string; readonly arg: ExportedArgument }[];
  readonly outputs: readonly ExportedArgument[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** A union: one field that says of what kind it is, such as `as_tensor` or `as_ints`. */
export type ExportedArgument = Readonly<Record<string, unknown>>;
export type ExportedSize = { readonly as_int: number } | { readonly as_expr: unknown };

interface TensorMeta {
  readonly dtype: number;
  readonly sizes: readonly ExportedSize[];
  readonly strides: readonly ExportedSize[];
  readonly storage_offset: ExportedSize;
  readonly layout: number;
  readonly requires_grad: boolean;
  readonly device?: { readonly type: string };
}

const reader = 'readExport';
const mostJsonBytes = 2 ** 27;
const strided = 7; // of Layout

/** ScalarType of the schema. */
const dtypes: Readonly<Record<number, Dtype>> = {
  1: 'uint8',
  2: 'int8',
  3: 'int16',
  4: 'int32',
  5: 'int64',
  6: 'float16',
  7: 'float32',
  8: 'float64',
  9: 'complex32',
  10: 'complex64',
  11: 'complex128',
  12: 'bool',
  13: 'bfloat16',
  28: 'uint16',
  29: 'float8_e4m3fn',
  30: 'float8_e5m2',
  33: 'float8_e8m0fnu',
  34: 'uint32',
  35: 'uint64',
};

/** The folder of an archive of torch.export (`<root>/archive_format` says pt2), with a slash at its end; null for another. */
export async function exportRoot(archive: Archive): Promise<string | null> {
  const name = archive.names.find((each) => /(^|\/)archive_format$/.test(each));
  if (name === undefined) return null;
  const entry = archive.entry(name);
  const format = new TextDecoder().decode(await entry.read(0, Math.min(entry.size, 16)));
  return format === 'pt2' ? name.slice(0, -'archive_format'.length) : null;
}

/**
 * Reads an archive of `torch.export.save` (.pt2): the graph of its model and its tensors, whose bytes are read as they are
 * asked for. Nothing is executed; the sample inputs, which are pickles, are not opened.
 *
 * @throws FormatError for another archive, one of several models, and tensors that do not fit their storage
 */
export async function readExport(source: ByteSource): Promise<ExportedProgram> {
  const archive = await openArchive(source);
  const root = await exportRoot(archive);
  requireFormat(root !== null, reader, `${source.name} must be an archive of torch.export`, 'another');
  const models = archive.names.filter((name) => name.startsWith(`${root}models/`) && name.endsWith('.json'));
  requireFormat(models.length === 1, reader, `${source.name} must have one model`, models.length);
  const model = await jsonOf(archive, models[0]);
  const module = object(model.graph_module, 'graph_module');
  const graph = object(module.graph, 'graph');
  const signature = object(module.signature, 'signature');
  const isGraph =
    Array.isArray(graph.nodes) && graph.nodes.every((node) => typeof object(node, 'a node').target === 'string');
  requireFormat(isGraph, reader, 'a graph must have nodes with targets', typeof graph.nodes);
  const inputSpecs = list(signature.input_specs, 'input_specs').map(inputOf);
  const name = models[0].slice(`${root}models/`.length, -'.json'.length);
  return {
    graph: graph as object as ExportedGraph,
    inputs: inputSpecs,
    ...outputsOf(list(signature.output_specs, 'output_specs')),
    weights: await weightsOf(archive, root, name),
    opsets: new Map(
      Object.entries(object(model.opset_version, 'opset_version')).map(([key, value]) => [key, Number(value)]),
    ),
  };
}

async function weightsOf(archive: Archive, root: string, model: string): Promise<Map<string, StoredTensor>> {
  const weights = new Map<string, StoredTensor>();
  for (const folder of ['weights', 'constants']) {
    const file = `${root}data/${folder}/${model}_${folder}_config.json`;
    if (!archive.names.includes(file)) continue;
    for (const [name, value] of Object.entries(object((await jsonOf(archive, file)).config, 'config'))) {
      const { path_name: path, use_pickle: isPickled, tensor_meta: meta } = object(value, name);
      if (meta === null || meta === undefined) continue; // an object of a class of its own
      requireFormat(
        isPickled !== true,
        reader,
        `${name} must be stored as plain bytes`,
        'a pickle of a tensor subclass',
      );
      weights.set(name, tensorOf(archive, `${root}data/${folder}/${String(path)}`, name, object(meta, name) as object as TensorMeta)); // prettier-ignore
    }
  }
  return weights;
}

function tensorOf(archive: Archive, path: string, name: string, meta: TensorMeta): StoredTensor {
  const dtype = Object.hasOwn(dtypes, meta.dtype) ? dtypes[meta.dtype] : undefined;
  requireFormat(dtype !== undefined, reader, `the type of ${name} must be known`, meta.dtype);
  requireFormat(meta.layout === strided, reader, `${name} must be dense`, `layout ${meta.layout}`);
  const entry = archive.entry(path);
  const sizes = (values: unknown) => list(values, `sizes of ${name}`).map((size) => Number(object(size, name).as_int));
  const byteLength = entry.size - (entry.size % dtypeBytes[dtype]);
  return new StoredTensor(reader, {
    dtype,
    shape: sizes(meta.sizes),
    strides: sizes(meta.strides),
    storageOffset: Number(object(meta.storage_offset, name).as_int),
    storage: {
      key: path,
      location: meta.device?.type ?? null,
      byteLength,
      read: (start, length) => entry.read(start, length),
    },
    requiresGrad: meta.requires_grad === true,
  });
}

async function jsonOf(archive: Archive, name: string): Promise<Record<string, unknown>> {
  const entry = archive.entry(name);
  requireFormat(entry.size <= mostJsonBytes, reader, `${name} must have at most ${mostJsonBytes} bytes`, entry.size);
  const text = new TextDecoder().decode(await entry.read(0, entry.size));
  try {
    return object(JSON.parse(text), name);
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(`${reader}: ${name} must be JSON, got something else`, { cause: error });
  }
}
