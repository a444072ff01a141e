import protobuf from 'protobufjs/light.js';
import type { BenchContext } from './bench.js';

/** A graph of ONNX operators (opset 13) on tensors of fixed shapes. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  /** Weights, which the session holds. */
  readonly initializers?: Readonly<Record<string, OnnxTensor>>;
  /** What is fed at every run. */
  readonly inputs: Readonly<Record<string, OnnxTensor>>;
  /** Shapes and types of what is read. */
  readonly outputs: Readonly<Record<string, Omit<OnnxTensor, 'values'>>>;
}

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Attributes that are lists of integers. */
  readonly lists?: Readonly<Record<string, readonly number[]>>;
  /** Attributes that are one integer. */
  readonly integers?: Readonly<Record<string, number>>;
}

export interface OnnxTensor {
  readonly type: 'float32' | 'int64' | 'int32';
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array | Int32Array;
}

/** A run of the graph on one thread, its inputs copied in, or null where onnxruntime-web does not load. */
export async function onnxRun(context: BenchContext, graph: OnnxGraph): Promise<(() => Promise<unknown>) | null> {
  const ort = await context.onnxruntime();
  if (!ort) return null;
  const session = await ort.InferenceSession.create(modelOf(graph));
  const feeds = Object.fromEntries(
    Object.entries(graph.inputs).map(([name, { type, shape, values }]) => [name, new ort.Tensor(type, values, shape)]),
  );
  return () => session.run(feeds);
}

const { Writer } = protobuf; // a CommonJS module

// Field numbers of onnx.proto3 (onnx 1.17).
const bytes = 2; // protobuf wire type "length-delimited"
const varint = 0;
const elementTypes = { float32: 1, int32: 6, int64: 7 };
const attributeTypes = { integer: 2, integers: 7 };

/** The graph in ONNX' protobuf format. */
function modelOf({ nodes, initializers = {}, inputs, outputs }: OnnxGraph): Uint8Array {
  const graph = new Writer();
  for (const node of nodes) graph.uint32((1 << 3) | bytes).bytes(nodeProto(node));
  graph.uint32((2 << 3) | bytes).string('graph');
  for (const [name, tensor] of Object.entries(initializers))
    graph.uint32((5 << 3) | bytes).bytes(tensorProto(name, tensor));
  for (const [name, tensor] of Object.entries(inputs)) graph.uint32((11 << 3) | bytes).bytes(valueInfo(name, tensor));
  for (const [name, tensor] of Object.entries(outputs)) graph.uint32((12 << 3) | bytes).bytes(valueInfo(name, tensor));
  const opset = new Writer()
    .uint32((1 << 3) | bytes)
    .string('')
    .uint32((2 << 3) | varint)
    .int64(13);
  const model = new Writer().uint32((1 << 3) | varint).int64(8); // ir_version
  model.uint32((7 << 3) | bytes).bytes(graph.finish());
  model.uint32((8 << 3) | bytes).bytes(opset.finish());
  return model.finish();
}

function nodeProto({ op, inputs, outputs, lists = {}, integers = {} }: OnnxNode): Uint8Array {
  const node = new Writer();
  for (const input of inputs) node.uint32((1 << 3) | bytes).string(input);
  for (const output of outputs) node.uint32((2 << 3) | bytes).string(output);
  node.uint32((4 << 3) | bytes).string(op);
  for (const [name, values] of Object.entries(lists)) {
    const attribute = new Writer().uint32((1 << 3) | bytes).string(name);
    for (const value of values) attribute.uint32((8 << 3) | varint).int64(value);
    attribute.uint32((20 << 3) | varint).int32(attributeTypes.integers);
    node.uint32((5 << 3) | bytes).bytes(attribute.finish());
  }
  for (const [name, value] of Object.entries(integers)) {
    const attribute = new Writer().uint32((1 << 3) | bytes).string(name);
    attribute.uint32((3 << 3) | varint).int64(value);
    attribute.uint32((20 << 3) | varint).int32(attributeTypes.integer);
    node.uint32((5 << 3) | bytes).bytes(attribute.finish());
  }
  return node.finish();
}

function tensorProto(name: string, { type, shape, values }: OnnxTensor): Uint8Array {
  const tensor = new Writer();
  for (const size of shape) tensor.uint32((1 << 3) | varint).int64(size);
  tensor.uint32((2 << 3) | varint).int32(elementTypes[type]);
  tensor.uint32((8 << 3) | bytes).string(name);
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return tensor
    .uint32((9 << 3) | bytes)
    .bytes(raw)
    .finish();
}

function valueInfo(name: string, { type, shape }: Omit<OnnxTensor, 'values'>): Uint8Array {
  const shapeProto = new Writer();
  for (const size of shape) {
    const dimension = new Writer().uint32((1 << 3) | varint).int64(size);
    shapeProto.uint32((1 << 3) | bytes).bytes(dimension.finish());
  }
  const tensorType = new Writer().uint32((1 << 3) | varint).int32(elementTypes[type]);
  tensorType.uint32((2 << 3) | bytes).bytes(shapeProto.finish());
  const typeProto = new Writer().uint32((1 << 3) | bytes).bytes(tensorType.finish());
  const info = new Writer().uint32((1 << 3) | bytes).string(name);
  return info
    .uint32((2 << 3) | bytes)
    .bytes(typeProto.finish())
    .finish();
}
