import { violation } from '@tfjs-sparse/core';
import type { ByteSource } from '../bytes/byte-source.js';
import { readCheckpoint } from '../checkpoint/read-checkpoint.js';
import { FormatError } from '../format-error.js';
import type { Graph } from '../graph/graph.js';
import { onnxGraph } from '../onnx/onnx-graph.js';
import { readOnnx } from '../onnx/read-onnx.js';
import { readTflite } from '../tflite/read-tflite.js';

/** The graph of a file that holds one. @throws FormatError for files of weights alone, and others */
export async function graphOfFile(source: ByteSource): Promise<Graph> {
  const { format } = await readCheckpoint(source);
  if (format === 'onnx') return onnxGraph(await readOnnx(source));
  if (format === 'tflite') return readTflite((await source.read(0, source.size)).slice().buffer);
  throw new FormatError(violation('convert', `${source.name} must hold a network, not weights alone`, format));
}
