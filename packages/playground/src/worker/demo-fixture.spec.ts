import { memory, setBackend } from '@tensorflow/tfjs-core';
import type { Demo, InputFile, Item } from '../demo.js';
import { DemoClient } from '../shell/demo-client.js';
import type { Report } from './messages.js';
import { serveDemo } from './serve-demo.js';

/**
 * What every demo must do, asked as its page asks it: over a channel in place of a worker, and in Karma of the worker that
 * the build made.
 *
 * @param name of the demo's folder
 */
export function describeDemo<I extends Item, Result>(
  name: string,
  demo: Demo<I, Result>,
  { file, refused }: { file: InputFile; refused: { file: InputFile; message: RegExp } },
): void {
  const reports: Report[] = [];
  let channel: MessageChannel;
  let client: DemoClient<I, Result>;

  beforeEach(() => {
    channel = new MessageChannel();
    serveDemo(demo, channel.port1, {
      startBackend: async (backend) => void (await setBackend(backend)),
      packSource,
    });
    client = new DemoClient(channel.port2, (report) => reports.push(report));
    channel.port1.start();
    channel.port2.start();
  });
  afterEach(async () => {
    channel.port1.close();
    channel.port2.close();
    await setBackend('cpu');
  });

  it('has the same samples for the same set, others for another', async () => {
    const [first, second] = [await client.samples(0), await client.samples(1)];
    expect(first.length).toBeGreaterThan(0);
    expect(await client.samples(0)).toEqual(first);
    expect(new Set([...first, ...second].map(({ name }) => name)).size).toBe(first.length + second.length);
  });

  it('reads a file that fits and runs what is in it, on one backend after the other', async () => {
    expect(await demo.fit(file)).not.toBe('no');
    const { items, omittedCount } = await client.read(file, {});
    expect([items.length > 0, omittedCount]).toEqual([true, 0]);
    for (const backend of ['wasm', 'cpu'] as const) {
      await client.start(backend);
      await client.run(items[0]);
      const before = memory().numTensors;
      await client.run(items[0]);
      expect(memory().numTensors).toBe(before);
    }
    const loadings = reports.filter(
      (report) => report.kind === 'progress' && report.text.startsWith('Loading the pack'),
    );
    expect(loadings.length > 0).toBe(demo.packs.length > 0);
  });

  it('says why at every later request once the worker has failed', async () => {
    client.fail(undefined);
    await expectAsync(client.samples(0)).toBeRejectedWithError(
      'the worker failed: its script cannot be loaded (reload the page)',
    );
  });

  if (globalThis.document) {
    it('runs in the worker of its page (npm run build makes it)', async () => {
      const worker = new Worker(`/pages/${name}-worker.js`, { type: 'module' });
      const inWorker = new DemoClient<I, Result>(worker, (report) => reports.push(report));
      worker.addEventListener('error', ({ message }) => inWorker.fail(message));
      try {
        await inWorker.start('wasm');
        const { items } = await inWorker.read(file, {});
        expect(await inWorker.run(items[0])).toBeDefined();
      } finally {
        worker.terminate();
      }
    });
  }

  it('says what is wrong with a file, and that nothing runs before a backend has started', async () => {
    spyOn(console, 'error');
    await expectAsync(client.read(refused.file, {})).toBeRejectedWithError(refused.message);
    const [sample] = await client.samples(0);
    await expectAsync(client.run(sample)).toBeRejectedWithError(/the backend must have started/);
  });
}

/** In Node the pack's folder, in Karma its address. */
function packSource(pack: string): URL {
  if (globalThis.location) return new URL(`/models/${pack}/`, location.href);
  const [name, ...inner] = pack.split('/');
  return new URL(['.', ...inner, ''].join('/'), import.meta.resolve(`@tfjs-sparse/${name}/manifest.json`));
}
