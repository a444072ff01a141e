import type { io } from '@tensorflow/tfjs';
import type { BenchContext } from './bench.js';
import { tfliteGraph } from './tflite-graph.js';
import { readTflite } from './tflite-model.js';

const path = 'models/face_detection_full_range_sparse.tflite';

/** MediaPipe's full-range face detector, of whose 1 x 1 convolutions 46 are 70 % zeros, as a dense GraphModel. */
export async function faceDetector(
  context: BenchContext,
  hasPadNodes: boolean,
): Promise<{ artifacts: io.ModelArtifacts; inputShape: number[] }> {
  const model = readTflite(await context.readData(path));
  return { artifacts: tfliteGraph(model, hasPadNodes), inputShape: model.shape(model.inputs[0]) };
}
