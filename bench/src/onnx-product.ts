import protobuf from 'protobufjs/light.js';
import type { BenchContext } from './bench.js';

/** A node `y = op(a, b)` of an ONNX model. */
export interface OnnxProduct {
  readonly op: 'MatMul' | 'Conv';
  /** Shapes. */
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly y: readonly number[];
  /** Attributes that are lists of integers. */
  readonly integers?: Readonly<Record<string, readonly number[]>>;
}

/** A run of onnxruntime's product on one thread, or null where onnxruntime-web does not load. */
export async function onnxProduct(
  context: BenchContext,
  product: OnnxProduct,
): Promise<(() => Promise<unknown>) | null> {
  const ort = await context.onnxruntime();
  if (!ort) return null;
  const session = await ort.InferenceSession.create(productModel(product));
  const tensor = (shape: readonly number[]) => {
    const length = shape.reduce((count, size) => count * size, 1);
    return new ort.Tensor(
      'float32',
      Float32Array.from({ length }, (_, i) => Math.sin(i)),
      shape,
    );
  };
  const feeds = { a: tensor(product.a), b: tensor(product.b) };
  return () => session.run(feeds);
}

const { Writer } = protobuf; // a CommonJS module

// Field numbers of onnx.proto3 (onnx 1.17).
const bytes = 2; // protobuf wire type "length-delimited"
const varint = 0;

/** A model of one node in ONNX' protobuf format. */
function productModel({ op, a, b, y, integers = {} }: OnnxProduct): Uint8Array {
  const node = new Writer();
  for (const input of ['a', 'b']) node.uint32((1 << 3) | bytes).string(input);
  node.uint32((2 << 3) | bytes).string('y');
  node.uint32((4 << 3) | bytes).string(op);
  for (const [name, values] of Object.entries(integers)) {
    const attribute = new Writer().uint32((1 << 3) | bytes).string(name);
    for (const value of values) attribute.uint32((8 << 3) | varint).int64(value);
    const typeOfIntegers = 7;
    attribute.uint32((20 << 3) | varint).int32(typeOfIntegers);
    node.uint32((5 << 3) | bytes).bytes(attribute.finish());
  }
  const graph = new Writer();
  graph.uint32((1 << 3) | bytes).bytes(node.finish());
  graph.uint32((2 << 3) | bytes).string('product');
  graph.uint32((11 << 3) | bytes).bytes(valueInfo('a', a));
  graph.uint32((11 << 3) | bytes).bytes(valueInfo('b', b));
  graph.uint32((12 << 3) | bytes).bytes(valueInfo('y', y));
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

function valueInfo(name: string, shape: readonly number[]): Uint8Array {
  const shapeProto = new Writer();
  for (const size of shape) {
    const dimension = new Writer().uint32((1 << 3) | varint).int64(size);
    shapeProto.uint32((1 << 3) | bytes).bytes(dimension.finish());
  }
  const float32 = 1;
  const tensorType = new Writer().uint32((1 << 3) | varint).int32(float32);
  tensorType.uint32((2 << 3) | bytes).bytes(shapeProto.finish());
  const type = new Writer().uint32((1 << 3) | bytes).bytes(tensorType.finish());
  const info = new Writer().uint32((1 << 3) | bytes).string(name);
  return info
    .uint32((2 << 3) | bytes)
    .bytes(type.finish())
    .finish();
}
