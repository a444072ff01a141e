import { make } from '../../src/shell/element.js';
import type { Refused } from './tasks.js';

/** A part of the page under a heading. */
export function panel(name: string, title: string, ...children: readonly HTMLElement[]): HTMLElement {
  const heading = make('h2', { id: `${name}-title` }, title);
  const section = make('section', { className: `panel ${name}` }, heading, ...children);
  section.setAttribute('aria-labelledby', heading.id);
  return section;
}

/** A control with its name in front of it. */
export function field(name: string, control: HTMLElement): HTMLLabelElement {
  return make('label', { className: 'field' }, make('span', {}, name), control);
}

/** A button that can wait; it keeps the focus then, which `disabled` takes. */
export function actionButton(text: string, act: () => void): HTMLButtonElement {
  const button = make('button', { type: 'button', className: 'button' }, text);
  button.addEventListener('click', () => button.ariaDisabled !== 'true' && act());
  return button;
}

export function setWaiting(button: HTMLButtonElement, isWaiting: boolean): void {
  button.ariaDisabled = String(isWaiting);
}

/** Scrolls by itself, also by keys. */
export function scrollBox(name: string, ...children: readonly HTMLElement[]): HTMLElement {
  const box = make('div', { className: 'scroll', tabIndex: 0, role: 'region' }, ...children);
  box.setAttribute('aria-label', name);
  return box;
}

/** A place for why something cannot be done, and what to do. */
export function refusal(): HTMLParagraphElement {
  return make('p', { className: 'wrong', role: 'alert', hidden: true });
}

export function showRefusal(place: HTMLElement, { message, advice }: Refused): void {
  place.textContent = `${message.replace(/\.$/, '')}. ${advice}`;
  place.hidden = false;
}

export function durationText(ms: number): string {
  return ms < 1000 ? `${ms.toPrecision(3)} ms` : `${(ms / 1000).toPrecision(3)} s`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

export function shapeText(shape: readonly (number | null)[]): string {
  return shape.length === 0 ? 'scalar' : shape.map((length) => length ?? '?').join(' × ');
}
