import type { Item } from '../demo.js';
import type { Answer, Report, Request } from '../worker/messages.js';
import { DemoWorker, type EndablePort } from './demo-worker.js';

type Listener = (event: MessageEvent) => void;

describe('DemoWorker', () => {
  let asked: string[];
  let reports: Report[];
  /** What the first worker, the second and so on do with a request. */
  let workers: ((request: Request<Item>, answer: (message: Answer<Item, null> | Report) => void) => void)[];

  beforeEach(() => {
    [asked, reports] = [[], []];
  });

  const opened = (limitMs: number) =>
    new DemoWorker<Item, null>(open, (report) => reports.push(report), 'many', limitMs);

  function open(): EndablePort {
    const work = workers.shift()!;
    let listener: Listener = () => {};
    return {
      addEventListener: (_, added: Listener) => void (listener = added),
      postMessage(message) {
        const request = message as Request<Item>;
        if (request.kind === 'start') asked.push(`${request.backend} ${request.threads}`);
        work(request, (data) => setTimeout(() => listener({ data } as MessageEvent)));
      },
      terminate: () => asked.push('terminate'),
    };
  }

  const startsAtOnce: (typeof workers)[number] = (_, answer) => answer({ kind: 'started' });

  it('starts wasm on one thread, and says so, where it never starts with threads', async () => {
    workers = [() => {}, startsAtOnce];
    const worker = opened(20);
    await worker.start('wasm');
    expect(asked).toEqual(['wasm many', 'terminate', 'wasm one']);
    const message = 'wasm did not start with threads within 0.02 s: it runs on one thread.';
    expect(reports).toEqual([{ kind: 'warning', message }]);
    await worker.start('wasm');
    expect(asked.at(-1)).toBe('wasm one');
  });

  it('lets packs take longer than the start may', async () => {
    workers = [
      (_, answer) => {
        answer({ kind: 'progress', text: 'Loading', share: 0 });
        setTimeout(() => answer({ kind: 'started' }), 80);
      },
    ];
    await opened(20).start('wasm');
    expect(asked).toEqual(['wasm many']);
  });

  it('leaves a start that fails to who asked', async () => {
    workers = [(_, answer) => answer({ kind: 'problem', message: 'no wasm' })];
    await expectAsync(opened(1000).start('wasm')).toBeRejectedWithError('no wasm');
    expect(asked).toEqual(['wasm many']);
  });
});
