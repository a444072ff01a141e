import { bytesText } from '../../src/numbers.js';
import { make } from '../../src/shell/element.js';
import { saveBlob } from '../../src/shell/save-blob.js';
import { durationText, panel, percent, scrollBox, shapeText } from './panel.js';
import type { Converted, ProductRow } from './tasks.js';

/** What became of the products, and the model to be saved. */
export class ReportPanel {
  readonly #summary = make('p', { className: 'summary' });
  readonly #notes = make('ul', { className: 'notes' });
  readonly #body = make('tbody');
  readonly #save = make('button', { type: 'button', className: 'button' });
  readonly #table: HTMLElement;
  readonly element: HTMLElement;
  #shown: Converted | null = null;

  constructor() {
    const heads = ['Operation', 'Kind', 'Weights', 'Zeros', 'Kernel now', 'Why'];
    const head = make('thead', {}, make('tr', {}, ...heads.map((text) => make('th', { scope: 'col' }, text))));
    this.#table = scrollBox('What became of each operation', make('table', {}, head, this.#body));
    this.#summary.setAttribute('role', 'status');
    this.#save.addEventListener('click', () => {
      if (this.#shown) saveBlob(this.#shown.zip.name, this.#shown.zip.blob);
    });
    this.element = panel('report', 'The converted model', this.#summary, this.#save, this.#notes, this.#table);
    this.clear();
  }

  clear(): void {
    this.#shown = null;
    this.element.hidden = true;
  }

  show(converted: Converted): void {
    const { report, inputs, outputs, notes, prunedCount, loading, zip, ms } = converted;
    this.#shown = converted;
    this.element.hidden = false;
    this.#summary.textContent = `${convertedText(converted)}, made in ${durationText(ms)}.`;
    this.#save.textContent = `Save ${zip.name} (${bytesText(zip.blob.size)})`;
    const takes = inputs.map(({ name, dtype, shape }) => `${name} (${dtype}${shape ? ` ${shapeText(shape)}` : ''})`);
    const lines = [
      ...notes,
      `inputs: ${takes.join(', ')}`,
      `outputs: ${outputs.join(', ')}`,
      ...(prunedCount > 0 ? [`pruned: ${prunedCount} products`] : []),
      `loads by ${loading}`,
    ];
    this.#notes.replaceChildren(...lines.map((text) => make('li', {}, text)));
    this.#body.replaceChildren(...report.map(line));
    this.#table.hidden = report.length === 0;
  }
}

/** One line about a converted model. */
export function convertedText({ kind, report, weightBytes }: Converted): string {
  const size = `weights take ${bytesText(weightBytes)}`;
  const nothing = {
    layers: 'built of layers of tfjs-sparse, which stay as they are',
    graph: 'no products with weights',
  };
  if (report.length === 0) return `${nothing[kind]}; ${size}`;
  const count = report.filter(({ kernel }) => kernel !== null).length;
  return `${count} of ${report.length} operations run on sparse kernels; ${size}`;
}

function line({ name, op, shape, sparsity, kernel, said }: ProductRow): HTMLElement {
  const zeros = sparsity === null ? '' : percent(sparsity);
  const texts = [op, shape ? shapeText(shape) : '', zeros, kernel ?? 'stays', said];
  return make('tr', {}, make('th', { scope: 'row' }, name), ...texts.map((text) => make('td', {}, text)));
}
