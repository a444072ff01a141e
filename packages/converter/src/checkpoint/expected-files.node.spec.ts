import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytesSource } from '../bytes/byte-source.js';
import { PickleDict, PickleList, PickleObject, PickleTuple, type PickleValue } from '../torch/pickle/values.js';
import { elementValues } from './element-values.js';
import { QuantizedTensor, type PerChannelScales } from './quantized-tensor.js';
import { readCheckpoint, type Checkpoint, type CheckpointTensor } from './read-checkpoint.js';
import { SparseCompressedTensor, SparseCooTensor } from './sparse-tensors.js';
import { StoredTensor } from './stored-tensor.js';
import { denseBytes, summarize } from './tensor-summary.js';
import { isAttribute, pathText, walkValues, type PathKey } from './walk-values.js';

const kinds = /\.(pt|pth|pth\.tar|safetensors)$/;

/** Files beside which a `<file>.expected.json` stands. */
function expectedFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => kinds.test(name) && existsSync(join(folder, `${name}.expected.json`)));
}

async function opened(folder: string, name: string): Promise<Checkpoint> {
  return readCheckpoint(bytesSource(name, new Uint8Array(readFileSync(join(folder, name)))));
}

function expectedOf<T>(folder: string, name: string): T {
  return JSON.parse(readFileSync(join(folder, `${name}.expected.json`), 'utf8')) as T;
}

const own = fileURLToPath(new URL('../../golden/torch', import.meta.url));
const foreign = fileURLToPath(new URL('../../../../../shared/data/checkpoints', import.meta.url));

describe('files of torch with their contents', () => {
  for (const name of expectedFiles(own)) {
    it(`${name} reads to the last bit`, async () => {
      const { value, tensors } = await opened(own, name);
      const expected = expectedOf<{ value: unknown }>(own, name).value as Record<string, unknown>;
      const isFlat = Object.keys(expected).every((key) => tensors.some(({ path }) => path === key));
      // A module that was saved whole has the names of its state dict.
      if (isFlat) {
        expect(tensors.map(({ path }) => path).sort()).toEqual(Object.keys(expected).sort());
        for (const { path, tensor } of tensors) expect(await described(tensor)).toEqual(comparable(expected[path]));
      } else expect(await described(value)).toEqual(comparable(expected));
    });
  }
});

interface ForeignTensor {
  readonly path: string;
  readonly keys: unknown[];
  readonly dtype: string;
  readonly shape: number[];
  readonly stride: number[];
  readonly storage_offset: number;
  readonly requires_grad?: boolean | null;
  readonly storage?: { key: string; numel: number; location: string };
  readonly sha256: string;
}

interface ForeignContents {
  readonly tensors: ForeignTensor[];
  readonly leaves: { keys: unknown[]; kind: string; value: unknown }[];
  readonly containers: { path: string; kind: string; size: number; args?: number }[];
}

describe('foreign files with their contents (data/checkpoints)', () => {
  const files = expectedFiles(foreign);
  if (files.length === 0) it('are read where they are', () => pending('no folder shared/data/checkpoints'));
  for (const name of files) {
    it(`${name} reads to the last bit`, async () => {
      const checkpoint = await opened(foreign, name);
      const { tensors, leaves, containers } = expectedOf<ForeignContents>(foreign, name);
      const found = await Promise.all(checkpoint.tensors.map((each) => foreignTensor(each.keys, each.tensor)));
      expect(byPath(found)).toEqual(byPath(tensors.map(comparableTensor)));
      if (checkpoint.format === 'safetensors') return;
      const visited: { value: PickleValue; keys: PathKey[] }[] = [];
      walkValues(checkpoint.value, (value, keys) => visited.push({ value, keys: [...keys] }));
      const plainValues = visited.filter(({ value }) => isLeaf(value));
      expect<unknown>(plainValues.map(({ keys, value }) => ({ keys: keysOf(keys), value }))).toEqual(
        leaves.map(({ keys, value }) => ({ keys, value })),
      );
      expect(visited.flatMap(({ keys, value }) => containerOf(keys, value))).toEqual(containers);
    });
  }
});

/** As those files describe values. */
async function described(value: PickleValue): Promise<unknown> {
  if (value instanceof PickleDict) {
    const entries = Array.from(value.entries, async ([key, each]) => [String(key), await described(each)] as const);
    return Object.fromEntries(await Promise.all(entries));
  }
  if (value instanceof PickleList || value instanceof PickleTuple) return Promise.all(value.items.map(described));
  if (value instanceof StoredTensor) return { tensor: await strided(value) };
  if (value instanceof QuantizedTensor) return { tensor: await quantized(value) };
  if (value instanceof SparseCooTensor) {
    const { indices, values, shape } = value;
    const flat = await numbers(indices);
    const rows = Array.from({ length: indices.shape[0] }, (_, axis) =>
      flat.slice(axis * indices.shape[1], (axis + 1) * indices.shape[1]),
    );
    return {
      tensor: { layout: 'coo', dtype: `torch.${values.dtype}`, shape, indices: rows, values: await strided(values) },
    };
  }
  if (value instanceof SparseCompressedTensor) {
    const { layout, compressed, plain: columns, values, shape } = value;
    const parts = { crow: await numbers(compressed), col: await numbers(columns), values: await strided(values) };
    return { tensor: { layout, dtype: `torch.${values.dtype}`, shape, ...parts } };
  }
  return value;
}

async function strided(tensor: StoredTensor): Promise<object> {
  return {
    layout: 'strided',
    dtype: `torch.${tensor.dtype}`,
    shape: tensor.shape,
    stride: tensor.strides,
    storage_offset: tensor.storageOffset,
    values: await numbers(tensor),
  };
}

async function quantized({ integers, scheme }: QuantizedTensor): Promise<object> {
  const values = await numbers(integers);
  const dequantized = 'axis' in scheme ? await perChannel(integers, scheme) : values.map((value) => Math.fround((Number(value) - scheme.zeroPoint) * Math.fround(scheme.scale))); // prettier-ignore
  return {
    layout: 'quantized',
    dtype: `torch.${integers.dtype}`,
    shape: integers.shape,
    qscheme: 'axis' in scheme ? 'torch.per_channel_affine' : 'torch.per_tensor_affine',
    int_repr: values,
    dequant: dequantized,
  };
}

async function perChannel(integers: StoredTensor, { scales, zeroPoints, axis }: PerChannelScales): Promise<number[]> {
  const [values, scale, zero] = [await numbers(integers), await numbers(scales), await numbers(zeroPoints)];
  const inner = integers.shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  return values.map((value, i) => {
    const channel = Math.floor(i / inner) % integers.shape[axis];
    return Math.fround((Number(value) - Number(zero[channel])) * Math.fround(Number(scale[channel])));
  });
}

async function numbers(tensor: StoredTensor): Promise<(number | string | boolean)[]> {
  const values = elementValues(await denseBytes(tensor), tensor.dtype);
  return Array.from(values as ArrayLike<number | bigint>, (value) => {
    if (tensor.dtype === 'bool') return value !== 0;
    if (typeof value === 'bigint') return Number(value);
    return Number.isFinite(value) ? value : String(value);
  });
}

/** What the files do not say of what they hold (coalesced) or say elsewhere (whether it is a parameter). */
function comparable(expected: unknown): unknown {
  if (Array.isArray(expected)) return expected.map(comparable);
  if (typeof expected !== 'object' || expected === null) return expected;
  const entries = Object.entries(expected).filter(([key]) => key !== 'parameter' && key !== 'coalesced');
  return Object.fromEntries(entries.map(([key, value]) => [key, comparable(value)]));
}

async function foreignTensor(keys: readonly PathKey[], tensor: CheckpointTensor): Promise<object> {
  const { dtype, shape, sha256 } = await summarize(tensor);
  const { strides, storageOffset, storage, requiresGrad } = tensor as StoredTensor;
  const isNamed = storage.location !== null;
  const where = isNamed && { storage: { key: storage.key, location: storage.location } };
  return { keys: keysOf(keys), dtype, shape, stride: strides, storage_offset: storageOffset, ...where, ...(isNamed && { requires_grad: requiresGrad }), sha256 }; // prettier-ignore
}

function comparableTensor({
  keys,
  dtype,
  shape,
  stride,
  storage_offset,
  storage,
  requires_grad,
  sha256,
}: ForeignTensor) {
  const where = storage && { storage: { key: storage.key, location: storage.location }, requires_grad };
  return { keys, dtype, shape, stride, storage_offset, ...where, sha256 };
}

function byPath<T extends { keys?: unknown }>(tensors: readonly T[]): T[] {
  const text = ({ keys }: T) => JSON.stringify(keys);
  return [...tensors].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

function keysOf(keys: readonly PathKey[]): unknown[] {
  return keys.map((key) => (isAttribute(key) ? { attribute: key.attribute } : key));
}

function isLeaf(value: PickleValue): boolean {
  return typeof value !== 'object' || value === null;
}

function containerOf(keys: readonly PathKey[], value: PickleValue): object[] {
  const path = pathText(keys);
  if (value instanceof PickleDict) return [{ path, kind: value.kind, size: value.entries.size, ...keyKinds(value) }];
  if (value instanceof PickleList) return [{ path, kind: 'list', size: value.items.length }];
  if (value instanceof PickleTuple) return [{ path, kind: 'tuple', size: value.items.length }];
  if (!(value instanceof PickleObject)) return [];
  return [{ path, kind: `object ${value.made.path}`, args: value.args.length, size: 0 }];
}

/** Of a dict whose keys are not all texts. */
function keyKinds({ entries }: PickleDict): object | null {
  const kinds = new Set(Array.from(entries.keys(), (key) => (typeof key === 'number' ? 'int' : 'str')));
  return kinds.has('int') ? { key_kinds: [...kinds] } : null;
}
