import type { Item } from '../demo.js';
import type { BackendName, Port, Report, Threads } from '../worker/messages.js';
import { DemoClient } from './demo-client.js';

/** A worker, as far as it is used. */
export interface EndablePort extends Port {
  terminate(): void;
}

const startLimitMs = 10_000; // a start takes 1 to 3 s; what is only slow starts on one thread too

/**
 * The worker of a demo, replaced by another one where wasm does not start with threads: a browser may block for good in the
 * `new Worker` of a worker, as `threadsThatStart` knows of one.
 */
export class DemoWorker<I extends Item, Result> {
  #port!: EndablePort;
  #client!: DemoClient<I, Result>;
  #starting: ReturnType<typeof setTimeout> | undefined;

  /** @param open starts a worker; `fail` is to be called when that has failed */
  constructor(
    private readonly open: (fail: (message?: string) => void) => EndablePort,
    private readonly report: (message: Report) => void,
    private threads: Threads,
    private readonly limitMs = startLimitMs,
  ) {
    this.#open();
  }

  get client(): DemoClient<I, Result> {
    return this.#client;
  }

  /** Starts a backend and loads the demo's packs on it. */
  async start(backend: BackendName): Promise<void> {
    const started = this.#client.start(backend, this.threads);
    if (backend !== 'wasm' || this.threads === 'one' || !(await this.#isLate(started))) return started;
    this.#port.terminate();
    this.threads = 'one';
    this.#open();
    const message = `wasm did not start with threads within ${this.limitMs / 1000} s: it runs on one thread.`;
    this.report({ kind: 'warning', message });
    return this.#client.start(backend, this.threads);
  }

  #open(): void {
    this.#port = this.open((message) => this.#client.fail(message));
    this.#client = new DemoClient(this.#port, (report) => {
      if (report.kind === 'progress') clearTimeout(this.#starting); // the backend is there, packs take what they take
      this.report(report);
    });
  }

  /** Whether the limit passes before a start ends or goes on to loading. */
  async #isLate(started: Promise<void>): Promise<boolean> {
    const late = new Promise<boolean>((resolve) => {
      this.#starting = setTimeout(() => resolve(true), this.limitMs);
    });
    const isLate = await Promise.race([
      started.then(
        () => false,
        () => false,
      ),
      late,
    ]);
    clearTimeout(this.#starting);
    return isLate;
  }
}
