import type { ViewHost } from '../../src/demo.js';
import { make } from '../../src/shell/element.js';
import type { FoundExamples } from './feature-list.js';
import { readStored, writeStored } from './stored-examples.js';
import type { Reading, SaeKind, ScannedPart, ScanPart, Task } from './tasks.js';
import { TopExamples } from './top-examples.js';

const partLength = 4096; // characters: 16 contexts, about a second each

/** Looks for the strongest examples of all features in the training text, part by part, so that other tasks come between. */
export class ExampleScan {
  readonly #button = make('button', { type: 'button', className: 'button' });
  readonly #progress = make('progress', { hidden: true, max: 1, ariaLabel: 'share of the text that is scanned' });
  readonly #status = make('span', { className: 'hint', role: 'status' });
  readonly element = make('div', { className: 'row' }, this.#button, this.#progress, this.#status);
  #text: string | null = null;
  #kind: SaeKind = 'topk';
  #reading: Reading | null = null;
  #examples: TopExamples | null = null;
  /** The one that the worker has; others that come back are of a scan that was stopped. */
  #awaited: ScanPart | null = null;

  constructor(
    private readonly host: ViewHost<Task>,
    private readonly onFound: () => void,
  ) {
    this.#button.addEventListener('click', () => void (this.#awaited ? this.#stop() : this.#start()));
    this.#say('Find examples in Shakespeare', '');
  }

  /** What was found so far. */
  get found(): FoundExamples | null {
    return this.#text !== null && this.#examples ? { text: this.#text, examples: this.#examples } : null;
  }

  /** Takes note of the networks at work; where others were before, their examples go, and stored ones come. */
  async use(kind: SaeKind, reading: Reading): Promise<void> {
    const isSame = this.#reading?.fingerprint === reading.fingerprint;
    this.#kind = kind;
    this.#reading = reading;
    if (isSame) return;
    this.#awaited = null;
    this.#examples = null;
    const stored = await readStored(reading.fingerprint);
    if (stored === null || this.#reading !== reading) return this.#say('Find examples in Shakespeare', '');
    await this.#fetchText();
    this.#examples = TopExamples.of(stored);
    this.#say('Scan again', `${counted(stored.characters)} of training text, as stored by an earlier scan.`);
    this.onFound();
  }

  show(part: ScanPart, { examples }: ScannedPart): void {
    if (part !== this.#awaited) return;
    this.#examples!.addAll(examples);
    const next = part.start + part.text.length;
    this.#progress.value = next / this.#text!.length;
    this.onFound();
    if (next < this.#text!.length) return this.#ask(next);
    this.#awaited = null;
    void this.#finish();
  }

  async #start(): Promise<void> {
    if (!this.#reading) return;
    try {
      await this.#fetchText();
    } catch (error) {
      return this.#say(
        'Try again',
        `The text cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    this.#examples = new TopExamples(this.#reading.featureCount);
    this.#ask(0);
  }

  #ask(start: number): void {
    const text = this.#text!.slice(start, start + partLength);
    const parts = Math.ceil(this.#text!.length / partLength);
    const name = `Examples: part ${Math.floor(start / partLength) + 1} of ${parts}`;
    this.#awaited = { task: 'scan', name, text, start, kind: this.#kind };
    this.#progress.hidden = false;
    this.#say('Stop', `${counted(start)} of ${counted(this.#text!.length)}`);
    this.host.run(this.#awaited);
  }

  #stop(): void {
    this.#awaited = null;
    this.#progress.hidden = true;
    this.#say('Scan again', `Stopped after ${counted(this.#examples?.characters ?? 0)}.`);
  }

  async #finish(): Promise<void> {
    this.#progress.hidden = true;
    const isStored = await writeStored(this.#reading!.fingerprint, this.#examples!.toArrays());
    const kept = isStored ? 'stored in this browser' : 'this browser stores nothing here';
    this.#say('Scan again', `${counted(this.#examples!.characters)} of training text, ${kept}.`);
  }

  async #fetchText(): Promise<void> {
    if (this.#text !== null) return;
    const response = await fetch('characters.txt');
    if (!response.ok) throw new Error(`HTTP ${response.status} (is npm start running?)`);
    this.#text = await response.text();
  }

  #say(action: string, status: string): void {
    this.#button.textContent = action;
    this.#status.textContent = status;
  }
}

function counted(characters: number): string {
  return `${characters.toLocaleString('en')} characters`;
}
