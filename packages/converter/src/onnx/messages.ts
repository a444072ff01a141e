import type { AnyFields, FieldKind, Fields } from './wire.js';

// The messages of onnx.proto (ONNX 1.23, IR version 14) with the fields that are read; lists are never absent.

export interface OnnxModelMessage {
  irVersion?: bigint;
  producer?: string;
  producerVersion?: string;
  graph?: OnnxGraphMessage;
  opsets: { domain?: string; version?: bigint }[];
  functions: { name?: string; domain?: string }[];
  metadata: OnnxEntry[];
}

export interface OnnxGraphMessage {
  nodes: OnnxNodeMessage[];
  name?: string;
  initializers: OnnxTensorMessage[];
  sparseInitializers: OnnxSparseMessage[];
  inputs: OnnxValueMessage[];
  outputs: OnnxValueMessage[];
}

export interface OnnxNodeMessage {
  inputs: string[];
  outputs: string[];
  name?: string;
  op?: string;
  domain?: string;
  attributes: OnnxAttributeMessage[];
  metadata: OnnxEntry[];
}

export interface OnnxAttributeMessage {
  name?: string;
  float?: number;
  int?: bigint;
  text?: Uint8Array<ArrayBuffer>;
  tensor?: OnnxTensorMessage;
  graph?: OnnxGraphMessage;
  sparseTensor?: OnnxSparseMessage;
  floats: number[];
  ints: bigint[];
  texts: Uint8Array<ArrayBuffer>[];
  type?: number;
}

export interface OnnxTensorMessage {
  shape: bigint[];
  type?: number;
  floats: number[];
  ints: number[];
  texts: Uint8Array<ArrayBuffer>[];
  int64s: bigint[];
  name?: string;
  raw?: Uint8Array<ArrayBuffer>;
  doubles: number[];
  uint64s: bigint[];
  external: OnnxEntry[];
  location?: number;
}

export interface OnnxSparseMessage {
  values?: OnnxTensorMessage;
  indices?: OnnxTensorMessage;
  shape: bigint[];
}

export interface OnnxValueMessage {
  name?: string;
  type?: { tensor?: { type?: number; shape?: { sizes: { size?: bigint; name?: string }[] } } };
}

export interface OnnxEntry {
  key?: string;
  value?: string;
}

const one = <T>(name: keyof T & string, kind: FieldKind) => ({ name, kind, isRepeated: false });
const list = <T>(name: keyof T & string, kind: FieldKind) => ({ name, kind, isRepeated: true });
/** Messages refer to each other in circles. */
const of =
  <T>(fields: () => Fields<T>): FieldKind =>
  () =>
    fields() as AnyFields;

const entry: Fields<OnnxEntry> = { 1: one('key', 'text'), 2: one('value', 'text') };

const tensor: Fields<OnnxTensorMessage> = {
  1: list('shape', 'int64'),
  2: one('type', 'int'),
  4: list('floats', 'float'),
  5: list('ints', 'int'),
  6: list('texts', 'bytes'),
  7: list('int64s', 'int64'),
  8: one('name', 'text'),
  9: one('raw', 'bytes'),
  10: list('doubles', 'double'),
  11: list('uint64s', 'int64'),
  13: list(
    'external',
    of(() => entry),
  ),
  14: one('location', 'int'),
};

const sparse: Fields<OnnxSparseMessage> = {
  1: one(
    'values',
    of(() => tensor),
  ),
  2: one(
    'indices',
    of(() => tensor),
  ),
  3: list('shape', 'int64'),
};

const attribute: Fields<OnnxAttributeMessage> = {
  1: one('name', 'text'),
  2: one('float', 'float'),
  3: one('int', 'int64'),
  4: one('text', 'bytes'),
  5: one(
    'tensor',
    of(() => tensor),
  ),
  6: one(
    'graph',
    of(() => graph),
  ),
  7: list('floats', 'float'),
  8: list('ints', 'int64'),
  9: list('texts', 'bytes'),
  20: one('type', 'int'),
  22: one(
    'sparseTensor',
    of(() => sparse),
  ),
};

const node: Fields<OnnxNodeMessage> = {
  1: list('inputs', 'text'),
  2: list('outputs', 'text'),
  3: one('name', 'text'),
  4: one('op', 'text'),
  5: list(
    'attributes',
    of(() => attribute),
  ),
  7: one('domain', 'text'),
  9: list(
    'metadata',
    of(() => entry),
  ),
};

interface OnnxSize {
  size?: bigint;
  name?: string;
}

const size: Fields<OnnxSize> = { 1: one('size', 'int64'), 2: one('name', 'text') };
const shape: Fields<{ sizes: OnnxSize[] }> = {
  1: list(
    'sizes',
    of(() => size),
  ),
};
const tensorType: Fields<{ type?: number; shape?: object }> = {
  1: one('type', 'int'),
  2: one(
    'shape',
    of(() => shape),
  ),
};
const type: Fields<{ tensor?: object }> = {
  1: one(
    'tensor',
    of(() => tensorType),
  ),
};
const value: Fields<OnnxValueMessage> = {
  1: one('name', 'text'),
  2: one(
    'type',
    of(() => type),
  ),
};

const graph: Fields<OnnxGraphMessage> = {
  1: list(
    'nodes',
    of(() => node),
  ),
  2: one('name', 'text'),
  5: list(
    'initializers',
    of(() => tensor),
  ),
  11: list(
    'inputs',
    of(() => value),
  ),
  12: list(
    'outputs',
    of(() => value),
  ),
  15: list(
    'sparseInitializers',
    of(() => sparse),
  ),
};

interface OnnxOpset {
  domain?: string;
  version?: bigint;
}

const opset: Fields<OnnxOpset> = { 1: one('domain', 'text'), 2: one('version', 'int64') };
const functionName: Fields<{ name?: string; domain?: string }> = { 1: one('name', 'text'), 10: one('domain', 'text') };

export const modelFields: Fields<OnnxModelMessage> = {
  1: one('irVersion', 'int64'),
  2: one('producer', 'text'),
  3: one('producerVersion', 'text'),
  7: one(
    'graph',
    of(() => graph),
  ),
  8: list(
    'opsets',
    of(() => opset),
  ),
  14: list(
    'metadata',
    of(() => entry),
  ),
  25: list(
    'functions',
    of(() => functionName),
  ),
};

export function emptyModel(): OnnxModelMessage {
  return { opsets: [], functions: [], metadata: [] };
}
