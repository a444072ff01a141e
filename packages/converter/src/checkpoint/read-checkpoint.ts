import type { io } from '@tensorflow/tfjs-core';
import { requireSource, type ByteSource } from '../bytes/byte-source.js';
import { FormatError } from '../format-error.js';
import { readModelJson } from '../conversion/read-model-json.js';
import { readOnnx, type OnnxModel } from '../onnx/read-onnx.js';
import {
  readSafetensorsFile,
  readSafetensorsIndex,
  type SafetensorsFile,
} from '../safetensors/read-safetensors-file.js';
import { openArchive } from '../torch/archive.js';
import { SemiStructuredTensor } from '../torch/semi-structured.js';
import { exportRoot, readExport, type ExportedProgram } from '../torch/read-export.js';
import { isLegacyTorch, readLegacyTorch } from '../torch/read-legacy.js';
import { PickleDict, type PickleValue } from '../torch/pickle/values.js';
import { readTorchZip } from '../torch/read-torch.js';
import { readTfliteFile } from '../tflite/tflite-model.js';
import { BitmaskTensor, withBitmasks } from './bitmask-tensor.js';
import { QuantizedTensor } from './quantized-tensor.js';
import { savedWeights } from './saved-weights.js';
import { SparseCompressedTensor, SparseCooTensor, type SparseTensorOfFile } from './sparse-tensors.js';
import { StoredTensor } from './stored-tensor.js';
import { pathText, walkValues, type PathKey } from './walk-values.js';

/** A tensor of a file in any of its forms. */
export type CheckpointTensor =
  StoredTensor | SparseTensorOfFile | QuantizedTensor | BitmaskTensor | SemiStructuredTensor;

export interface NamedTensor {
  /** Keys joined by dots. */
  readonly path: string;
  readonly keys: readonly PathKey[];
  readonly tensor: CheckpointTensor;
}

export interface Checkpoint {
  readonly format: 'torch zip' | 'torch legacy' | 'safetensors' | 'onnx' | 'tflite' | 'torch export' | 'tfjs';
  /** All that the file holds; the tensors of safetensors are a dict. */
  readonly value: PickleValue;
  /** In the order of the file; one that several places hold is there for each. */
  readonly tensors: readonly NamedTensor[];
  /** Names of modules that are called in a pickle. */
  readonly globals: readonly string[];
  readonly metadata: ReadonlyMap<string, string>;
}

const reader = 'readCheckpoint';

/**
 * Opens a checkpoint: torch's zip files and old streams, whole modules, TorchScript, safetensors and their index, the tensors
 * of torch.export, ONNX, TFLite and tfjs' model.json. What it is is told by its first bytes, not by its name (but for .onnx, which has no beginning of its own). Nothing in it is executed, and tensors are read as they are asked for.
 *
 * @throws FormatError for another kind of file, which it names where it can, and for a damaged one
 */
export async function readCheckpoint(source: ByteSource): Promise<Checkpoint> {
  requireSource(reader, source);
  const head = await source.read(0, Math.min(512, source.size));
  if (startsWith(head, 'PK\x03\x04')) {
    const archive = await openArchive(source);
    if ((await exportRoot(archive)) !== null) return ofExport(await readExport(source));
    const { value, globals } = await readTorchZip(source, archive);
    return { format: 'torch zip', value, tensors: tensorsIn(value), globals, metadata: new Map() };
  }
  if (isLegacyTorch(head)) {
    const { value, globals } = await readLegacyTorch(source);
    return { format: 'torch legacy', value, tensors: tensorsIn(value), globals, metadata: new Map() };
  }
  if (head[8] === 0x7b && head.length > 8) return ofSafetensors(await readSafetensorsFile(source));
  if (startsWith(head.subarray(4), 'TFL3')) return ofTflite(await source.read(0, source.size));
  if (head[0] === 8 && /\.onnx$/i.test(source.name)) return ofOnnx(await readOnnx(source)); // protobuf has no magic number
  const saved = await readModelJson(source);
  if (saved) return ofTfjs(saved);
  const index = await indexJson(source, head);
  if (index !== null) return ofSafetensors(await readSafetensorsIndex(source, index));
  throw new FormatError(`${reader}: ${source.name} must be a checkpoint, got ${describeHead(head)}`);
}

function tensorsIn(value: PickleValue): NamedTensor[] {
  const found: NamedTensor[] = [];
  walkValues(value, (each, keys) => {
    if (isTensor(each)) found.push({ path: pathText(keys), keys: [...keys], tensor: each });
  });
  return found;
}

function isTensor(value: PickleValue): value is CheckpointTensor {
  return (
    value instanceof StoredTensor ||
    value instanceof QuantizedTensor ||
    value instanceof BitmaskTensor ||
    value instanceof SemiStructuredTensor ||
    value instanceof SparseCooTensor ||
    value instanceof SparseCompressedTensor
  );
}

async function ofSafetensors({ tensors, metadata }: SafetensorsFile): Promise<Checkpoint> {
  const value = new PickleDict();
  for (const [name, tensor] of await withBitmasks(tensors)) value.entries.set(name, tensor);
  return { format: 'safetensors', value, tensors: tensorsIn(value), globals: [], metadata };
}

/** Its tensors; `readExport` gives the graph too. */
function ofExport({ weights }: ExportedProgram): Checkpoint {
  const value = new PickleDict();
  for (const [name, tensor] of weights) value.entries.set(name, tensor);
  return { format: 'torch export', value, tensors: tensorsIn(value), globals: [], metadata: new Map() };
}

/** Its weights; `readOnnx` gives the graph too. */
function ofOnnx({ weights, metadata }: OnnxModel): Checkpoint {
  const value = new PickleDict();
  for (const [name, tensor] of weights) value.entries.set(name, tensor);
  return { format: 'onnx', value, tensors: tensorsIn(value), globals: [], metadata };
}

/** The weights of a model.json, as they are stored. */
function ofTfjs(artifacts: io.ModelArtifacts): Checkpoint {
  const value = savedWeights(artifacts);
  return { format: 'tfjs', value, tensors: tensorsIn(value), globals: [], metadata: new Map() };
}

/** Its constants: `s0.<index>` is a tensor of the first subgraph; sparse ones with their zeros, int4 as int8. */
function ofTflite(file: Uint8Array<ArrayBuffer>): Checkpoint {
  const { tensors } = readTfliteFile(file.slice().buffer);
  const value = new PickleDict();
  tensors.forEach(({ type, shape, stored, dense }, index) => {
    if (type === 'other' || stored.length === 0) return;
    const bytes = dense();
    const storage = {
      key: String(index),
      location: null,
      byteLength: bytes.length,
      read: async (start: number, length: number) => bytes.subarray(start, start + length),
    };
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
    const dtype = type === 'int4' ? 'int8' : type;
    const fields = { dtype, shape, strides, storageOffset: 0, storage, requiresGrad: null };
    value.entries.set(`s0.${index}`, new StoredTensor(reader, fields));
  });
  return { format: 'tflite', value, tensors: tensorsIn(value), globals: [], metadata: new Map() };
}

const mostIndexBytes = 2 ** 26;

async function indexJson(source: ByteSource, head: Uint8Array): Promise<unknown> {
  if (!/^\s*\{/.test(textOf(head)) || source.size > mostIndexBytes) return null;
  try {
    const json = JSON.parse(textOf(await source.read(0, source.size))) as unknown;
    return typeof json === 'object' && json !== null && 'weight_map' in json ? json : null;
  } catch {
    return null;
  }
}

/** What a file that is no checkpoint is, for people who saved something else in its place. */
function describeHead(head: Uint8Array): string {
  const text = textOf(head);
  if (head.length === 0) return 'an empty file';
  if (text.startsWith('version https://git-lfs')) return 'a Git LFS pointer (run git lfs pull)';
  if (/^\s*(<!doctype|<html|<head|<\?xml)/i.test(text)) return 'a web page (a login or an error page in its place?)';
  if (head[0] === 0x80 && head[1] >= 2 && head[1] <= 5) return 'a pickle that torch.save did not write';
  if (head[0] === 0x1f && head[1] === 0x8b) return 'a gzip file (unpack it first)';
  if (text.slice(257, 262) === 'ustar') return 'a tar archive (unpack it first)';
  if (/^\s*[{[]/.test(text)) return 'JSON';
  return 'another kind of file';
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((character, i) => bytes[i] === character.charCodeAt(0));
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
