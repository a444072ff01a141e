import { bytesText, counted } from '../../src/numbers.js';
import { make } from '../../src/shell/element.js';
import { panel, percent, refusal, showRefusal } from './panel.js';
import type { Opened, Refused } from './tasks.js';

/** What the file is, where it came from, and that it stays here. */
export class FilePanel {
  readonly #list = make('dl');
  readonly #problem = refusal();
  readonly #url = make('input', { type: 'url', id: 'model-url', placeholder: 'https://…/model.onnx' });
  readonly #reach = make('p', { className: 'hint' });
  readonly element: HTMLElement;

  /**
   * @param url that this page was opened with, whose server it may ask; null for none
   * @param check finds out whether page and worker can reach another server
   */
  constructor(url: string | null, check: () => void) {
    const go = make('button', { type: 'button', className: 'button' }, 'Open URL');
    const label = make('label', { htmlFor: 'model-url' }, 'or a URL');
    const test = make('button', { type: 'button', className: 'button' }, 'Try to reach another server');
    go.addEventListener('click', () => this.#openUrl());
    this.#url.addEventListener('keydown', ({ key }) => key === 'Enter' && this.#openUrl());
    test.addEventListener('click', check);
    this.#reach.setAttribute('role', 'status');
    const promise = url === null ? staysHere() : asksServer(url);
    const address = make('div', { className: 'row' }, label, this.#url, go);
    this.element = panel('file', 'File', this.#problem, this.#list, address, promise, test, this.#reach);
  }

  showWaiting(name: string): void {
    this.#problem.hidden = true;
    this.#list.replaceChildren(...entry('File', `${name}…`));
  }

  show({ name, fileBytes, format, metadata, weights, totals, network }: Opened): void {
    const { elements, zeros, bytes, bytesAfter } = totals;
    const after = bytesAfter < bytes ? `, ${bytesText(bytesAfter)} with sparse kernels` : '';
    const of = network.architecture ? `${network.architecture}: ` : '';
    this.#problem.hidden = true;
    this.#list.replaceChildren(
      ...entry('File', `${name}, ${bytesText(fileBytes)}, ${format}`),
      ...entry('Weights', `${counted(weights.length, 'tensor')}, ${elements.toLocaleString('en')} numbers`),
      ...entry('Zeros', percent(elements > 0 ? zeros / elements : 0)),
      ...entry('Size', `${bytesText(bytes)}${after}`),
      ...entry('Network', of + network.reason),
      ...metadata.slice(0, mostMetadata).flatMap(([key, value]) => entry(key, value)),
    );
  }

  refuse(name: string, refused: Refused): void {
    this.#list.replaceChildren(...entry('File', name));
    showRefusal(this.#problem, refused);
  }

  /** @param isRefused whether the browser let neither the page nor its worker ask */
  showReach(isRefused: boolean): void {
    this.#reach.textContent = isRefused
      ? 'The browser refused it, to the page and to its worker: their policy allows no such server.'
      : 'The browser did not refuse it. Is the page served by npm start?';
  }

  #openUrl(): void {
    const { value } = this.#url;
    this.#url.setAttribute('aria-invalid', String(!isHttp(value)));
    if (isHttp(value)) location.search = `?url=${encodeURIComponent(value)}`;
    else this.#url.focus();
  }
}

const mostMetadata = 12;

function staysHere(): HTMLElement {
  return make(
    'p',
    { className: 'hint' },
    'Nothing leaves this machine: the page and its worker come with a policy (CSP, connect-src) by which the browser lets ' +
      'them reach the server of this page alone. A URL opens this page again with a policy that allows the URL’s server too.',
  );
}

function asksServer(url: string): HTMLElement {
  const back = make('a', { href: location.pathname }, 'the page that reaches no other server');
  const text = `This page was opened with a URL, and may ask ${new URL(url).origin} for files. For files of your own open `;
  return make('p', { className: 'hint' }, text, back, '.');
}

function entry(name: string, text: string): HTMLElement[] {
  return [make('dt', {}, name), make('dd', {}, text)];
}

export function isHttp(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}
