import { foldPads, readTflite, removeUnused, writeGraph } from '@tfjs-sparse/converter';
import type { io } from '@tensorflow/tfjs';
import type { BenchContext } from './bench.js';

const path = 'models/face_detection_full_range_sparse.tflite';

/**
 * MediaPipe's full-range face detector, of whose 1 x 1 convolutions 46 are 70 % zeros, as a dense GraphModel.
 *
 * @param hasPadNodes whether padding is nodes of its own, or done by the convolutions behind it, which is faster
 */
export async function faceDetector(context: BenchContext, hasPadNodes: boolean): Promise<io.ModelArtifacts> {
  const graph = readTflite(await context.readData(path));
  if (!hasPadNodes) {
    await foldPads(graph);
    removeUnused(graph);
  }
  return writeGraph(graph);
}
