import type { DemoPage, DemoView, ViewHost } from '../../src/demo.js';
import { make } from '../../src/shell/element.js';
import { codeText } from './code-text.js';
import { CostTable } from './cost-table.js';
import { MaskPicture } from './mask-picture.js';
import { maskPattern } from './mask-pattern.js';
import type { Measurement } from './measure-pattern.js';
import { PatternControls } from './pattern-controls.js';
import { plainSettings, type Pattern, type Settings } from './settings.js';
import { tallyMask } from './tally-mask.js';

export const page: DemoPage<Pattern, Measurement> = { createView: (host) => new PatternsView(host) };

const restMs = 300; // without a change, before times are measured
const mostCells = 512; // of the picture, in a row

/** A pattern as picture, controls, costs and code. */
class PatternsView implements DemoView<Pattern, Measurement> {
  readonly controls: readonly HTMLElement[] = [];
  readonly #title = make('h2', { id: 'mask-title' });
  readonly #shownName = make('p', { className: 'hint' });
  readonly #picture = new MaskPicture((settings) => this.#change(settings));
  readonly #settingsPanel = new PatternControls((settings) => this.#change(settings));
  readonly #costs = new CostTable(() => this.#host.run(this.#ask()));
  readonly #code = make('pre', { tabIndex: 0 });
  readonly element: HTMLElement;
  readonly #host: ViewHost<Pattern>;
  #settings = plainSettings;
  #name = '';
  /** The one that the worker measures. */
  #asked: Pattern | null = null;
  /** Where the shown times were measured; null while none are. */
  #device: string | null = null;
  #restTimer: number | null = null;
  #isDrawing = false;
  #sampleTurn = 0;

  constructor(host: ViewHost<Pattern>) {
    this.#host = host;
    const mask = make(
      'section',
      { className: 'panel picture' },
      this.#title,
      this.#shownName,
      this.#picture.element,
      this.#picture.note,
    );
    mask.setAttribute('aria-labelledby', 'mask-title');
    const code = make('section', { className: 'panel code' }, make('h2', { id: 'code-title' }, 'In code'), this.#code);
    code.setAttribute('aria-labelledby', 'code-title');
    const element = make(
      'div',
      { className: 'attention' },
      mask,
      this.#settingsPanel.element,
      this.#costs.element,
      code,
    );
    this.element = element;
  }

  /** Files have a pattern each, of which the last is shown; of samples another one each time. */
  add(patterns: readonly Pattern[]): readonly Pattern[] {
    const isSamples = patterns[0].source === undefined;
    const pattern = patterns[isSamples ? this.#sampleTurn++ % patterns.length : patterns.length - 1];
    this.#take(pattern.name, pattern.settings);
    return [this.#ask()];
  }

  clear(): readonly Pattern[] {
    return [this.#ask()];
  }

  show(pattern: Pattern, measurement: Measurement): void {
    if (pattern !== this.#asked) return;
    this.#asked = null;
    if (pattern.settings === this.#settings) {
      this.#device = measurement.device;
      this.#costs.showTimes(pattern.settings, measurement);
    } else if (this.#restTimer === null) this.#host.run(this.#ask());
  }

  summary(): string {
    return this.#device === null ? 'Times are measured once the controls rest.' : `Measured on ${this.#device}.`;
  }

  #change(settings: Settings): void {
    const hadTimes = this.#device !== null;
    this.#take('your pattern', settings);
    if (hadTimes) this.#host.showSummary();
    if (this.#restTimer !== null) clearTimeout(this.#restTimer);
    this.#restTimer = window.setTimeout(() => {
      this.#restTimer = null;
      if (this.#asked === null) this.#host.run(this.#ask());
      else this.#costs.showWaiting('Measured after the earlier pattern, which the worker is at.');
    }, restMs);
  }

  /** Makes settings those that are shown, without times. */
  #take(name: string, settings: Settings): void {
    const widest = settings.tokens - 1;
    this.#settings = { ...settings, left: Math.min(settings.left, widest), right: Math.min(settings.right, widest) };
    this.#name = name;
    this.#device = null;
    this.#costs.showWaiting('Times are measured once the controls rest.');
    this.#settingsPanel.show(this.#settings);
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      this.#draw();
    });
  }

  #ask(): Pattern {
    this.#device = null;
    this.#costs.showWaiting('Measuring…');
    this.#asked = { name: `Measuring ${this.#name}`, settings: this.#settings };
    return this.#asked;
  }

  #draw(): void {
    const settings = this.#settings;
    const pattern = maskPattern(settings);
    const tally = tallyMask(pattern, settings.tokens, Math.ceil(settings.tokens / mostCells));
    const share = ((100 * tally.pairs) / settings.tokens ** 2).toFixed(1);
    this.#title.textContent = `${share} % of the pairs are seen`;
    this.#shownName.textContent = this.#name;
    this.#picture.show(settings, tally);
    this.#costs.showCounts(settings, tally);
    this.#code.textContent = codeText(pattern);
  }
}
