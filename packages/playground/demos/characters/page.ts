import type { DemoPage, DemoView, ViewHost } from '../../src/demo.js';
import { chosenBackend } from '../../src/shell/backend-choice.js';
import { make } from '../../src/shell/element.js';
import { activationsOf, CharacterText } from './character-text.js';
import { exampleLines } from './example-lines.js';
import { ExampleScan } from './example-scan.js';
import { FeatureList } from './feature-list.js';
import { unknownHint } from './known-text.js';
import { OpenedSaePanel } from './opened-sae-panel.js';
import { SteeringPanel } from './steering-panel.js';
import type {
  Outcome,
  Passage,
  Reading,
  SaeConfig,
  SaeFile,
  SaeKind,
  ScanPart,
  Task,
  Timing,
  Writing,
} from './tasks.js';
import { TimesTable } from './times-table.js';

export const page: DemoPage<Task, Outcome> = { createView: (host) => new CharactersView(host) };

const typingPauseMs = 350;
const mostCharacters = 2000; // more make the page slow

/** A text, its features, and what can be done with one of them. */
class CharactersView implements DemoView<Task, Outcome> {
  readonly #input = make('textarea', { rows: 4, spellcheck: false });
  readonly #cut = make('p', { className: 'hint cut', role: 'status' });
  readonly #unknown = make('p', { className: 'hint unknown', role: 'status' });
  readonly #kinds = new KindChoice(() => {
    this.#times.clear();
    this.#readInput('the text');
  });
  readonly #text = new CharacterText((place) => this.#pickPlace(place));
  readonly #list = new FeatureList((feature) => this.#pickFeature(feature));
  readonly #scan: ExampleScan;
  readonly #examples = make('div');
  readonly #examplesTitle = make('h2', { id: 'examples-title' });
  readonly #steering: SteeringPanel;
  readonly #times: TimesTable;
  readonly #opened = new OpenedSaePanel();
  readonly element: HTMLElement;
  readonly controls: readonly HTMLElement[];
  /** The one that is shown or waited for. */
  #passage: Passage | null = null;
  #reading: Reading | null = null;
  #place = 0;
  #feature: number | null = null;
  #file: SaeFile | null = null;
  #config: SaeConfig['config'] = {};
  /** Whether the file that was opened last has what a cfg.json says. */
  #isConfigured = false;
  readonly #host: ViewHost<Task>;

  constructor(host: ViewHost<Task>) {
    this.#host = host;
    this.#scan = new ExampleScan(host, () => this.#showExamples());
    this.#steering = new SteeringPanel(host);
    this.#times = new TimesTable(host, () => ({ kind: this.#kinds.kind, text: this.#input.value || '\n' }));
    this.controls = [this.#kinds.element];
    const examples = make('section', { className: 'panel' }, this.#examplesTitle, this.#scan.element, this.#examples);
    examples.setAttribute('aria-labelledby', 'examples-title');
    const read = make(
      'section',
      { className: 'panel text' },
      make('label', {}, 'Your text', this.#input),
      this.#cut,
      this.#unknown,
      this.#text.element,
      this.#text.legend,
    );
    this.element = make(
      'div',
      { className: 'character-features' },
      read,
      this.#list.element,
      examples,
      this.#steering.element,
      this.#times.element,
      this.#opened.element,
    );
    this.#listenToTyping();
    this.#showExamples();
  }

  comesFirst(fileName: string): boolean {
    return /\.json$/i.test(fileName); // an autoencoder is opened with its configuration
  }

  add(tasks: readonly Task[]): readonly Task[] {
    return tasks.flatMap((task): Task[] => {
      if (task.task === 'read') return [this.#takePassage(task.name, task.text)];
      if (task.task === 'configure') {
        if (this.#file === null || this.#isConfigured) {
          this.#config = task.config; // of the file that comes next
          return [];
        }
        this.#isConfigured = true; // files that are opened together come in any order
        this.#file = { ...this.#file, config: task.config };
        return [this.#file];
      }
      if (task.task !== 'open') return [];
      this.#file = { ...task, config: { ...task.config, ...this.#config } };
      this.#isConfigured = Object.keys(this.#file.config).length > 0;
      this.#config = {}; // of this file alone
      return [this.#file];
    });
  }

  clear(): readonly Task[] {
    this.#times.clear();
    return this.#passage ? [this.#passage] : [];
  }

  show(task: Task, outcome: Outcome): void {
    if (outcome.task === 'read' && task === this.#passage) this.#showReading(outcome);
    if (outcome.task === 'scan') this.#scan.show(task as ScanPart, outcome);
    if (outcome.task === 'write') this.#steering.show(task as Writing, outcome);
    if (outcome.task === 'time') this.#times.show(task as Timing, outcome, chosenBackend());
    if (outcome.task === 'open') this.#opened.show(task as SaeFile, outcome);
  }

  summary(backend: string): string {
    if (!this.#reading) return this.#passage ? '' : 'Type a text.';
    const { text, ms, quality, block } = this.#reading;
    const { activeFeatures, varianceUnexplained } = quality;
    const left =
      varianceUnexplained === null
        ? '; a share of the variance needs more than one character.'
        : ` leave ${(100 * varianceUnexplained).toFixed(1)} % of the variance.`;
    return (
      `${grouped(text.length)} character${text.length === 1 ? '' : 's'} on ${backend}, ${ms.toFixed(0)} ms; behind block ${block} of the ` +
      `network, ${activeFeatures.toFixed(1)} features a character${left}`
    );
  }

  #listenToTyping(): void {
    let timer = 0;
    this.#input.addEventListener('input', () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => this.#readInput('your text'), typingPauseMs);
    });
  }

  #readInput(name: string): void {
    if (this.#input.value !== '') return this.#host.run(this.#takePassage(name, this.#input.value));
    this.#passage = this.#reading = null;
    this.#unknown.textContent = this.#cut.textContent = '';
    this.#text.clear();
    this.#list.clear();
    this.#host.showSummary();
  }

  /** Makes a text the one that is shown, as far as the page can show it. */
  #takePassage(name: string, given: string): Passage {
    const text = given.slice(0, mostCharacters);
    if (this.#input.value !== text) this.#input.value = text;
    this.#cut.textContent =
      given === text ? '' : `The page shows the first ${grouped(text.length)} of ${grouped(given.length)} characters.`;
    this.#passage = { task: 'read', name, text, kind: this.#kinds.kind };
    return this.#passage;
  }

  #showReading(reading: Reading): void {
    const isOtherSae = reading.fingerprint !== this.#reading?.fingerprint;
    this.#reading = reading;
    void this.#scan.use(this.#kinds.kind, reading);
    const { text, values, starts, features } = reading;
    this.#unknown.textContent = unknownHint(reading);
    this.#text.showText(text);
    if (isOtherSae || this.#feature === null) {
      const strongest = values.indexOf(Math.max(...values));
      this.#place = Math.max(0, starts.findIndex((start) => start > strongest) - 1);
      this.#feature = features[strongest] ?? null;
    }
    this.#text.pick(Math.min(this.#place, text.length - 1));
    if (this.#feature !== null) this.#pickFeature(this.#feature);
  }

  #pickPlace(place: number): void {
    this.#place = place;
    if (this.#reading) this.#list.show(this.#reading, place, this.#feature, this.#scan.found);
  }

  #pickFeature(feature: number): void {
    this.#feature = feature;
    const values = activationsOf(this.#reading!, feature);
    this.#text.colour(feature, values);
    this.#showExamples();
  }

  #showExamples(): void {
    const { found } = this.#scan;
    const feature = this.#feature;
    this.#examplesTitle.textContent = feature === null ? 'Examples' : `Examples of feature ${feature}`;
    if (feature === null || !this.#reading) return;
    this.#pickPlace(this.#place);
    const known = found?.examples.examplesOf(feature)[0]?.value ?? 0;
    const unit = Math.max(known, ...activationsOf(this.#reading, feature)) || 1;
    this.#steering.pick(this.#kinds.kind, feature, unit);
    if (!found) return this.#examples.replaceChildren();
    const share = (100 * found.examples.shareOf(feature)).toFixed(2);
    const line = make(
      'p',
      { className: 'hint' },
      `Active at ${share} % of the scanned characters. Its strongest places:`,
    );
    this.#examples.replaceChildren(line, exampleLines(found.text, found.examples, feature, Infinity));
  }
}

/** Which of the two autoencoders. */
class KindChoice {
  readonly #batch = make('input', { type: 'radio', name: 'autoencoder' });
  readonly element = make(
    'fieldset',
    {},
    make('legend', {}, make('span', {}, 'Autoencoder')),
    make('label', {}, make('input', { type: 'radio', name: 'autoencoder', checked: true }), 'TopK'),
    make('label', {}, this.#batch, 'BatchTopK'),
  );

  constructor(onChange: () => void) {
    this.element.addEventListener('change', onChange);
  }

  get kind(): SaeKind {
    return this.#batch.checked ? 'batchtopk' : 'topk';
  }
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}
