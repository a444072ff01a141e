import type { Pack } from '@tfjs-sparse/packs';
import { warmUp, type Demo, type Item, type Network } from '../demo.js';
import { openPack } from '../open-pack.js';
import { plainMessage } from '../plain-message.js';
import type { Answer, BackendName, Port, Report, Request, Threads } from './messages.js';

/** What a worker has around it: a browser's backends and the server's packs. */
export interface Surroundings {
  startBackend(name: BackendName, report: (problem: string) => void, threads: Threads): Promise<void>;
  /** Where a pack is, by its folder below /packs/. */
  packSource(name: string): string | URL;
}

const mostItems = 200; // of one file; more make the page slow

/** Answers the requests that come from `port`, one after the other. */
export function serveDemo<I extends Item, Result>(
  demo: Demo<I, Result>,
  port: Port,
  { startBackend, packSource }: Surroundings,
): void {
  const packs: Pack[] = [];
  let network: Network<I, Result> | null = null;
  let isWarm = false;
  let queue = Promise.resolve();

  port.addEventListener('message', ({ data }: MessageEvent<Request<I>>) => {
    queue = queue.then(async () => post(await answer(data).catch(problemOf)));
  });

  async function answer(request: Request<I>): Promise<Answer<I, Result>> {
    switch (request.kind) {
      case 'start':
        await start(request.backend, request.threads);
        return { kind: 'started' };
      case 'samples':
        return { kind: 'items', items: demo.samples(request.set), omittedCount: 0 };
      case 'read': {
        const items = await demo.read(request, request.options);
        return { kind: 'items', items: items.slice(0, mostItems), omittedCount: Math.max(0, items.length - mostItems) };
      }
      case 'run':
        return { kind: 'result', result: await run(request.item) };
    }
  }

  /**
   * Loads the packs on another backend: tensors cannot move between backends without a synchronous read. Where that does
   * not start, the former goes on.
   */
  async function start(backend: BackendName, threads: Threads): Promise<void> {
    await startBackend(backend, (message) => post({ kind: 'warning', message }), threads);
    network = null;
    for (const pack of packs.splice(0)) pack.dispose();
    for (const name of demo.packs) {
      post(progressOf(name, 0)); // so that the page knows at once that the backend is there
      packs.push(
        await openPack(name, packSource(name), {
          onProgress: ({ loaded, total }) => post(progressOf(name, loaded / total)),
        }),
      );
    }
    network = demo.open(packs);
    isWarm = false;
  }

  async function run(item: I): Promise<Result> {
    if (!network) throw new Error('the backend must have started (pick another one)');
    if (!isWarm) await warmUp(network, [item], demo.warmUpMs);
    isWarm = true;
    return network.run(item, (text, share) => post({ kind: 'progress', text, share }));
  }

  function post(message: Answer<I, Result> | Report): void {
    port.postMessage(message);
  }
}

function progressOf(pack: string, share: number): Report {
  return { kind: 'progress', text: `Loading the pack ${pack}: ${Math.round(100 * share)} %`, share };
}

function problemOf(error: unknown): { kind: 'problem'; message: string } {
  console.error(error); // with its stack
  return { kind: 'problem', message: plainMessage(error) };
}
