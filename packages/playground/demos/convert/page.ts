import type { DemoPage, DemoView, ViewHost } from '../../src/demo.js';
import { make } from '../../src/shell/element.js';
import { saveBlob } from '../../src/shell/save-blob.js';
import { ConvertPanel } from './convert-panel.js';
import { FilePanel, isHttp } from './file-panel.js';
import { MeasurePanel } from './measure-panel.js';
import { PicturesPanel } from './pictures-panel.js';
import { isRefused } from './reach-check.js';
import { convertedText, ReportPanel } from './report-panel.js';
import type {
  Converted,
  Measured,
  MeasureTask,
  Opened,
  OpenModel,
  Outcome,
  OpenTask,
  Refused,
  Task,
  Weight,
} from './tasks.js';
import { ValuesPanel } from './values-panel.js';
import { WeightsPanel } from './weights-panel.js';

export const page: DemoPage<Task, Outcome> = { createView: (host) => new ConvertView(host) };

const mostShownAtOnce = 2 ** 24; // elements of a weight that is looked at without being picked

/** A file, what is in it, and what becomes of it. */
class ConvertView implements DemoView<Task, Outcome> {
  readonly controls: readonly HTMLElement[] = [];
  /** The page was opened with it; null for none. */
  readonly #url = askedUrl();
  readonly #file = new FilePanel(this.#url, () => this.#host.run({ task: 'reach', name: 'Asking another server' }));
  readonly #weights = new WeightsPanel((path) => this.#pick(path));
  readonly #values = new ValuesPanel();
  readonly #pictures = new PicturesPanel(
    (path) => this.#pick(path),
    () => this.#host.run({ task: 'draw', name: 'Drawing', model: this.#opened!.model }),
  );
  readonly #settings = new ConvertPanel(() => this.#convert());
  readonly #report = new ReportPanel();
  readonly #measure = new MeasurePanel(() => this.#host.run(this.#measureTask()));
  readonly element = make(
    'div',
    { className: 'converter' },
    this.#file.element,
    this.#settings.element,
    this.#measure.element,
    this.#report.element,
    this.#weights.element,
    this.#values.element,
    this.#pictures.element,
  );
  readonly #host: ViewHost<Task>;
  #opened: OpenTask | null = null;
  #found: Opened | null = null;
  #converted: Converted | null = null;
  #measured: Measured | null = null;
  /** The last that was asked for, of which answers are shown. */
  #asked: { convert: Task | null; measure: MeasureTask | null; path: string } = {
    convert: null,
    measure: null,
    path: '',
  };
  #openCount = 0;

  constructor(host: ViewHost<Task>) {
    this.#host = host;
  }

  takeFiles(files: readonly File[]): readonly Task[] {
    if (this.#url !== null) {
      const rule = 'files of your own must be opened on the page that reaches no other server';
      throw new RangeError(`${rule}, got the page of ${new URL(this.#url).host} (see File)`);
    }
    const blobs = files.map((file) => ({ name: file.name, blob: file }));
    return [this.#open(files.map(({ name }) => name).join(', '), { kind: 'files', files: blobs })];
  }

  /** Of several the last; at first the URL that the page was opened with. */
  add(tasks: readonly Task[]): readonly Task[] {
    if (this.#url !== null && this.#openCount === 0) return [this.#open(this.#url, { kind: 'url', url: this.#url })];
    const last = tasks.filter((task) => task.task === 'open').at(-1);
    return last ? [this.#open(last.name, last.model.source)] : [];
  }

  /** Only times depend on the backend; at first the file is not read yet. */
  clear(): readonly Task[] {
    if (!this.#found) return this.#opened ? [this.#opened] : [];
    return this.#measured ? [this.#measureTask()] : [];
  }

  show(task: Task, outcome: Outcome): void {
    if (outcome.task === 'reach') return void this.#showReach(outcome.isRefused);
    if (!('model' in task) || task.model.id !== this.#opened?.model.id) return; // of another file
    switch (outcome.task) {
      case 'open':
        return this.#showOpened(outcome);
      case 'weight':
        return this.#showValues(outcome);
      case 'draw':
        return saveBlob(outcome.file.name, outcome.file.blob);
      case 'convert':
        if (task === this.#asked.convert) this.#showConverted(outcome);
        return;
      case 'measure':
        if (task !== this.#asked.measure) return;
        this.#measured = outcome;
        this.#measure.showBusy(false);
        return this.#measure.showMeasured(outcome);
      case 'refused':
        return this.#refuse(task, outcome);
    }
  }

  summary(): string {
    if (!this.#found) return 'Open a file.';
    const { name } = this.#found;
    if (!this.#converted) return `${name} is open.`;
    return `${name}: ${convertedText(this.#converted)}.`;
  }

  #open(name: string, source: OpenModel['source']): OpenTask {
    const model = { id: `${++this.#openCount}`, source };
    this.#opened = { task: 'open', name: `Opening ${name}`, model };
    this.#found = null;
    this.#asked.path = '';
    this.#file.showWaiting(name);
    this.#settings.showWaiting();
    this.#forgetConverted();
    this.#measure.forgetOwn();
    this.#weights.show([]);
    this.#pictures.show([]);
    this.#values.showWaiting('');
    return this.#opened;
  }

  #showOpened(found: Opened): void {
    this.#found = found;
    this.#file.show(found);
    this.#weights.show(found.weights);
    this.#pictures.show(found.weights);
    this.#settings.show(found.network, found.settings);
    const small = found.weights.filter(({ elements }) => elements <= mostShownAtOnce);
    const first = small.find(({ picture }) => picture !== null) ?? small.find(({ elements }) => elements > 1);
    if (first) this.#pick(first.path);
    if (this.#opened!.model.source.kind === 'sample') this.#convert();
  }

  #pick(path: string): void {
    this.#asked.path = path;
    this.#weights.mark(path);
    this.#values.showWaiting(path);
    this.#host.run({ task: 'weight', name: `Reading ${path}`, model: this.#opened!.model, path });
  }

  #showValues(weight: Weight): void {
    if (weight.path !== this.#asked.path) return;
    const row = this.#found!.weights.find(({ path }) => path === weight.path);
    this.#values.show(weight, row?.picture ?? null);
  }

  #convert(): void {
    this.#forgetConverted();
    this.#settings.showBusy(true);
    const task = {
      task: 'convert' as const,
      name: `Converting ${this.#found!.name}`,
      model: this.#opened!.model,
      settings: this.#settings.settings(),
    };
    this.#asked.convert = task;
    this.#host.run(task);
  }

  #showConverted(converted: Converted): void {
    this.#converted = converted;
    this.#settings.showBusy(false);
    this.#report.show(converted);
    this.#measure.show(converted);
    if (this.#opened!.model.source.kind === 'sample') this.#host.run(this.#measureTask());
  }

  #measureTask(): MeasureTask {
    const { model, settings } = this.#asked.convert as Extract<Task, { task: 'convert' }>;
    const sample = this.#measure.sample();
    const task = { task: 'measure' as const, name: 'Running', model, settings, sample, ...this.#measure.own() };
    this.#asked.measure = task;
    this.#measure.showBusy(true);
    return task;
  }

  #forgetConverted(): void {
    this.#converted = this.#measured = null;
    this.#asked.convert = this.#asked.measure = null;
    this.#report.clear();
    this.#measure.clear();
  }

  #refuse(task: Task, refused: Refused): void {
    switch (refused.of) {
      case 'open':
      case 'draw':
        return this.#file.refuse(this.#opened!.name.replace(/^Opening /, ''), refused);
      case 'weight':
        return this.#values.refuse(refused);
      case 'convert':
        if (task !== this.#asked.convert) return;
        this.#settings.showBusy(false);
        return this.#settings.refuse(refused);
      case 'measure':
        if (task !== this.#asked.measure) return;
        this.#measured = null;
        this.#measure.showBusy(false);
        return this.#measure.refuse(refused);
    }
  }

  async #showReach(isRefusedInWorker: boolean): Promise<void> {
    this.#file.showReach(isRefusedInWorker && (await isRefused()));
  }
}

/** What `?url=` of the page's address says. */
function askedUrl(): string | null {
  const url = new URLSearchParams(location.search).get('url') ?? '';
  return isHttp(url) ? url : null;
}
