import type { DemoView, Item } from '../demo.js';
import { make } from './element.js';

/** An item on the page, with its result once there is one. */
export interface Card<Result> {
  readonly element: HTMLElement;
  show(result: Result): void;
  clear(): void;
}

/** Shows a card an item; opened items come first. */
export class CardGrid<I extends Item, Result> implements DemoView<I, Result> {
  readonly element = make('div', { className: 'cards' });
  readonly controls: readonly HTMLElement[] = [];
  readonly #cards = new Map<I, Card<Result>>();
  readonly #results = new Map<I, Result>();

  constructor(
    private readonly cardOf: (item: I) => Card<Result>,
    private readonly summaryOf: (results: readonly Result[], backend: string) => string,
  ) {}

  add(items: readonly I[]): readonly I[] {
    for (const item of items) this.#cards.set(item, this.cardOf(item));
    this.element.prepend(...items.map((item) => this.#cards.get(item)!.element));
    return items;
  }

  clear(): readonly I[] {
    this.#results.clear();
    for (const card of this.#cards.values()) card.clear();
    return [...this.#cards.keys()];
  }

  show(item: I, result: Result): void {
    this.#results.set(item, result);
    this.#cards.get(item)!.show(result);
  }

  summary(backend: string): string {
    const results = [...this.#results.values()];
    return results.length > 0 ? this.summaryOf(results, backend) : '';
  }
}
