import type { InputFile, Item, OptionValues } from '../demo.js';
import type { Answer, BackendName, Port, Report, Request, Threads } from '../worker/messages.js';

interface Waiting<I extends Item, Result> {
  readonly resolve: (answer: Answer<I, Result>) => void;
  readonly reject: (problem: Error) => void;
}

/** A demo's worker as functions. */
export class DemoClient<I extends Item, Result> {
  readonly #waiting: Waiting<I, Result>[] = [];
  #failure: Error | null = null;

  constructor(
    private readonly port: Port,
    report: (message: Report) => void,
  ) {
    port.addEventListener('message', ({ data }: MessageEvent<Answer<I, Result> | Report>) => {
      if (data.kind === 'progress' || data.kind === 'warning') return report(data);
      const { resolve, reject } = this.#waiting.shift()!;
      if (data.kind === 'problem') reject(new Error(data.message));
      else resolve(data);
    });
  }

  /** Loads the demo's packs on a backend. */
  async start(backend: BackendName, threads: Threads = 'many'): Promise<void> {
    await this.#ask('started', { kind: 'start', backend, threads });
  }

  async samples(set: number): Promise<readonly I[]> {
    return (await this.#ask('items', { kind: 'samples', set })).items;
  }

  /** @returns the first items of a file, and how many more there are */
  read({ name, contents }: InputFile, options: OptionValues): Promise<Answer<I, Result> & { kind: 'items' }> {
    return this.#ask('items', { kind: 'read', name, contents, options });
  }

  async run(item: I): Promise<Result> {
    return (await this.#ask('result', { kind: 'run', item })).result;
  }

  /**
   * Ends every request that waits and those that come, as the worker has failed.
   *
   * @param message of the error; browsers give none where the script cannot be loaded
   */
  fail(message = 'its script cannot be loaded'): void {
    this.#failure = new Error(`the worker failed: ${message} (reload the page)`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }

  async #ask<K extends Answer<I, Result>['kind']>(
    kind: K,
    request: Request<I>,
  ): Promise<Answer<I, Result> & { kind: K }> {
    if (this.#failure) throw this.#failure;
    const answer = await new Promise<Answer<I, Result>>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.port.postMessage(request);
    });
    if (answer.kind !== kind) throw new Error(`internal: the worker must answer ${kind}, got ${answer.kind}`);
    return answer as Answer<I, Result> & { kind: K };
  }
}
