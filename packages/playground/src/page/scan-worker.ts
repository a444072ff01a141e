import { simulateScan } from '@tfjs-sparse/lidar-minkunet';
import { loadPack } from '@tfjs-sparse/packs';
import '@tfjs-sparse/sparse-conv/layers';
import { readCloud } from '../cloud-input/read-cloud.js';
import { ScanSegmenter } from '../segmenter/scan-segmenter.js';
import { startBackend, type BackendName } from './browser-backend.js';
import type { ScanAnswer, ScanReport, ScanRequest } from './scan-messages.js';

let segmenter: ScanSegmenter | null = null;
/** Requests run one after the other. */
let queue = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<ScanRequest>) => {
  queue = queue.then(async () => post(await answer(data).catch(problemOf)));
});

async function answer(request: ScanRequest): Promise<ScanAnswer> {
  switch (request.kind) {
    case 'start':
      await start(request.backend);
      return { kind: 'started' };
    case 'simulate': {
      const { points, labels } = simulateScan(request.seed);
      return { kind: 'scan', scan: { points, trueLabels: labels } };
    }
    case 'read':
      return { kind: 'scan', scan: { points: readCloud(request.contents, request.name) } };
    case 'segment':
      if (!segmenter) throw new Error('the backend must have started (pick another one)');
      return { kind: 'segmentation', segmentation: await segmenter.segment(request.points) };
  }
}

/** Loads the pack on another backend: tensors cannot move between backends without a synchronous read. */
async function start(backend: BackendName): Promise<void> {
  segmenter?.pack.dispose();
  segmenter = null;
  await startBackend(backend, (message) => post({ kind: 'warning', message }));
  const pack = await loadPack(new URL('lidar-pack/', location.href), {
    onProgress: ({ loaded, total }) =>
      post({ kind: 'progress', text: `Loading the pack: ${Math.round((100 * loaded) / total)} %` }),
  });
  segmenter = new ScanSegmenter(pack);
}

function problemOf(error: unknown): ScanAnswer {
  console.error(error); // with its stack
  return { kind: 'problem', message: error instanceof Error ? error.message : String(error) };
}

function post(message: ScanAnswer | ScanReport): void {
  postMessage(message);
}
