import type { Segmentation } from '../segmenter/scan-segmenter.js';
import type { BackendName } from './browser-backend.js';
import type { ScanAnswer, ScanReport, ScanRequest, ShownScan } from './scan-messages.js';

interface Waiting {
  readonly resolve: (answer: ScanAnswer) => void;
  readonly reject: (problem: Error) => void;
}

/** The worker as functions; it simulates, reads and segments, so that the page stays free. */
export class ScanClient {
  readonly #worker = new Worker('scan-worker.js', { type: 'module' });
  readonly #waiting: Waiting[] = [];

  constructor(report: (message: ScanReport) => void) {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<ScanAnswer | ScanReport>) => {
      if (data.kind === 'progress' || data.kind === 'warning') return report(data);
      const { resolve, reject } = this.#waiting.shift()!;
      if (data.kind === 'problem') reject(new Error(data.message));
      else resolve(data);
    });
    this.#worker.addEventListener('error', ({ message }) => {
      for (const { reject } of this.#waiting.splice(0))
        reject(new Error(`the worker failed: ${message} (reload the page)`));
    });
  }

  async start(backend: BackendName): Promise<void> {
    await this.#ask('started', { kind: 'start', backend });
  }

  async simulate(seed: number): Promise<ShownScan> {
    return (await this.#ask('scan', { kind: 'simulate', seed })).scan;
  }

  async read(name: string, contents: Uint8Array<ArrayBuffer>): Promise<ShownScan> {
    return (await this.#ask('scan', { kind: 'read', name, contents })).scan;
  }

  async segment(points: Float32Array): Promise<Segmentation> {
    return (await this.#ask('segmentation', { kind: 'segment', points })).segmentation;
  }

  async #ask<K extends ScanAnswer['kind']>(kind: K, request: ScanRequest): Promise<ScanAnswer & { kind: K }> {
    const answer = await new Promise<ScanAnswer>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(request);
    });
    if (answer.kind !== kind) throw new Error(`internal: the worker must answer ${kind}, got ${answer.kind}`);
    return answer as ScanAnswer & { kind: K };
  }
}
