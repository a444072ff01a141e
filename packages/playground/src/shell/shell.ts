import type { DemoPage, DemoView, Item, OptionValues } from '../demo.js';
import type { InputList } from '../server/input-files.js';
import type { BackendName, Report } from '../worker/messages.js';
import { chosenBackend, chooseBackend } from './backend-choice.js';
import { DemoWorker } from './demo-worker.js';
import { takeFiles } from './drop-zone.js';
import { element, showProblem } from './element.js';
import { keepOffline } from './keep-offline.js';
import { openEach } from './open-each.js';
import { OpenedFiles } from './opened-files.js';
import { RunQueue, type Place } from './run-queue.js';
import { threadsThatStart } from './threads-that-start.js';
import { waitingText } from './waiting-text.js';

/** Runs a demo's page: its view in the page, its network in the worker. */
export function runShell<I extends Item, Result>(name: string, page: DemoPage<I, Result>): void {
  try {
    new Shell(name, page).begin();
  } catch (problem) {
    showProblem(problem); // a view may need what the browser lacks
    element('status', HTMLParagraphElement).textContent = 'Stopped.';
    void keepOffline([]);
  }
}

const quickMs = 150; // what ends sooner, over and over while a control is dragged, would only make the line flicker
const longMs = 20_000; // a few seconds on a slow machine, with packs from a server near by

class Shell<I extends Item, Result> {
  readonly #status = element('status', HTMLParagraphElement);
  readonly #progress = element('progress', HTMLProgressElement);
  readonly #worker: DemoWorker<I, Result>;
  readonly #view: DemoView<I, Result>;
  /** Whatever changes the items or the backend runs one after the other. */
  readonly #queue = new RunQueue<I>({
    run: (item, place) => this.#runItem(item, place),
    ended: () => this.#showSummary(),
    failed: (problem) => {
      this.#notice(problem instanceof Error ? problem.message : String(problem));
      this.#showProgress('Stopped.', null);
    },
  });
  readonly #notices: string[] = [];
  readonly #opened = new OpenedFiles<I>((name, contents, options) => this.#read(name, contents, options));
  #sampleSet = 0;
  /** The one that runs; null before the first has started. */
  #backend: BackendName | null = null;
  /** Name of the item at work. */
  #running: string | null = null;

  constructor(
    private readonly name: string,
    page: DemoPage<I, Result>,
  ) {
    const open = (fail: (message?: string) => void) => {
      // With the page's query, as its script has a policy of its own (src/server/content-policy.ts).
      const worker = new Worker(`${name}-worker.js${location.search}`, { type: 'module' });
      worker.addEventListener('error', ({ message }) => fail(message));
      return worker;
    };
    this.#worker = new DemoWorker(open, (report) => this.#report(report), threadsThatStart(navigator));
    this.#view = page.createView({
      run: (item) => this.#addAfter(() => this.#runItem(item, { index: 0, count: 1, begin: performance.now() })),
      showSummary: () => this.#addAfter(async () => {}),
      readAgain: (isMeant) => this.#add(() => this.#readAgain(isMeant)),
    });
  }

  begin(): void {
    element('view', HTMLElement).append(this.#view.element);
    element('backends', HTMLFieldSetElement).after(...this.#view.controls);
    element('backends', HTMLFieldSetElement).addEventListener('change', () => {
      this.#showWaiting();
      this.#add(() => this.#useBackend());
    });
    element('samples', HTMLButtonElement).addEventListener('click', () => this.#add(() => this.#addSamples()));
    takeFiles(element('file', HTMLInputElement), (files) => this.#add(() => this.#openFiles(files)));
    this.#queue.add(async () => {
      this.#view.add(await this.#firstItems());
      await this.#useBackend();
    });
  }

  /** Adds what the user asked for, in place of the list at work. */
  #add(task: () => Promise<void>): void {
    this.#queue.add(() => this.#begun(task));
  }

  /** Adds what a view asks for; it waits for what was asked before. */
  #addAfter(task: () => Promise<void>): void {
    this.#queue.addAfter(async () => {
      await this.#begun(task);
      this.#showSummary();
    });
  }

  #begun(task: () => Promise<void>): Promise<void> {
    this.#notices.length = 0;
    showProblem(null);
    return task();
  }

  /** The items of the files that the command line was given, else samples. */
  async #firstItems(): Promise<readonly I[]> {
    const inputs = (await (await fetched('inputs.json')).json()) as InputList;
    void keepOffline(inputs.map(({ path }) => path));
    const items: I[] = [];
    const open = async ({ name, path, options }: InputList[number]) => {
      const contents = async () => new Uint8Array(await (await fetched(path)).arrayBuffer());
      items.push(...(await this.#opened.open({ name, contents, options }, {})));
    };
    const ofDemo = inputs.filter(({ demo }) => demo === this.name);
    await openEach(ofDemo, open, (problem) => this.#notice(problem));
    return items.length > 0 ? items : this.#worker.client.samples(this.#sampleSet);
  }

  async #addSamples(): Promise<void> {
    this.#showProgress('Drawing…', null);
    await this.#take(await this.#worker.client.samples(++this.#sampleSet));
  }

  async #openFiles(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    if (this.#view.takeFiles) return this.#queue.runList(this.#view.takeFiles(files));
    const open = async (file: File) => {
      this.#showProgress(`Reading ${file.name}…`, null);
      const contents = async () => new Uint8Array(await file.arrayBuffer());
      await this.#take(await this.#opened.open({ name: file.name, contents, options: {} }, this.#readOptions()));
    };
    const first = (file: File) => Number(this.#view.comesFirst?.(file.name) ?? false);
    const inOrder = [...files].sort((a, b) => first(b) - first(a));
    return openEach(inOrder, open, (problem) => {
      this.#notice(problem);
      this.#showSummary();
    });
  }

  #readAgain(isMeant: (fileName: string) => boolean): Promise<void> {
    this.#showProgress('Reading…', null);
    return this.#opened
      .readAgain(
        isMeant,
        this.#readOptions(),
        (before, items) => this.#queue.runList(this.#view.replace?.(before, items) ?? []),
        (problem) => this.#notice(problem),
      )
      .then(() => this.#showSummary());
  }

  #readOptions(): OptionValues {
    return this.#view.readOptions?.() ?? {};
  }

  async #read(name: string, contents: Uint8Array<ArrayBuffer>, options: OptionValues): Promise<readonly I[]> {
    const { items, omittedCount } = await this.#worker.client.read({ name, contents }, options);
    const total = items.length + omittedCount;
    if (omittedCount > 0) this.#notice(`${name} has ${total} items, the first ${items.length} are shown.`);
    return items;
  }

  #take(items: readonly I[]): Promise<void> {
    return this.#queue.runList(this.#view.add(items));
  }

  async #useBackend(): Promise<void> {
    const backend = chosenBackend();
    if (backend === this.#backend) return; // picked again before another one had its turn
    this.#showProgress(`Starting ${backend}…`, null);
    const waiting = `${backend} has not started yet: reload the page if it stays so.`;
    const late = setTimeout(() => this.#notice(waiting), longMs);
    try {
      await this.#worker.start(backend).finally(() => {
        clearTimeout(late);
        this.#withdraw(waiting);
      });
    } catch (error) {
      if (this.#backend === null) throw error;
      this.#notice(`${error instanceof Error ? error.message : String(error)}; still on ${this.#backend}.`);
      chooseBackend(this.#backend);
      return this.#showSummary();
    }
    this.#backend = backend;
    this.#queue.forgetLeft();
    await this.#queue.runList(this.#view.clear());
  }

  async #runItem(item: I, { index, count, begin }: Place): Promise<void> {
    const place = count > 1 ? ` (${index + 1} of ${count})` : '';
    const share = count > 1 ? index / count : 'unknown';
    const show = () => this.#showProgress(`${item.name}${place}…`, share);
    const timer = setTimeout(show, begin + quickMs - performance.now());
    this.#running = item.name;
    const ended = () => {
      clearTimeout(timer);
      this.#running = null;
    };
    this.#view.show(item, await this.#worker.client.run(item).finally(ended));
  }

  #showWaiting(): void {
    if (this.#running === null) return;
    this.#showProgress(waitingText(this.#running, this.#backend, chosenBackend()), null);
  }

  #showSummary(): void {
    this.#showProgress(this.#view.summary(this.#backend ?? chosenBackend()), null);
  }

  #report(report: Report): void {
    if (report.kind === 'warning') this.#notice(report.message);
    else this.#showProgress(report.text, report.share);
  }

  /** Shows one more thing that the task at work has to say. */
  #notice(text: string): void {
    this.#notices.push(text);
    showProblem(this.#notices.join('\n'));
  }

  #withdraw(text: string): void {
    const place = this.#notices.indexOf(text);
    if (place < 0) return;
    this.#notices.splice(place, 1);
    showProblem(this.#notices.length > 0 ? this.#notices.join('\n') : null);
  }

  /** @param share of what is to be done; null where nothing is */
  #showProgress(text: string, share: number | 'unknown' | null): void {
    this.#status.textContent = text;
    this.#progress.hidden = share === null;
    if (share === 'unknown') this.#progress.removeAttribute('value');
    else this.#progress.value = share ?? 0;
  }
}

async function fetched(path: string): Promise<Response> {
  const rule = `${path} must be there (is npm start running?)`;
  const response = await fetch(path).catch((error: unknown) => {
    throw new Error(`${rule}, got no answer`, { cause: error });
  });
  if (!response.ok) throw new Error(`${rule}, got HTTP ${response.status}`);
  return response;
}
