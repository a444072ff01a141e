import { TaskQueue } from './task-queue.js';

/** Where an item is in its list. */
export interface Place {
  readonly index: number;
  readonly count: number;
  /** `performance.now()` when the list began. */
  readonly begin: number;
}

/** What a queue does with items. */
export interface Runner<I> {
  run(item: I, place: Place): Promise<void>;
  /** Called when a list is through, or has been ended. */
  ended(): void;
  failed(problem: unknown): void;
}

/**
 * Tasks one after the other, and the lists of items that they run: never two items at once. A newer task ends the list at
 * work behind the item that runs; what is left of it runs after the newer task.
 */
export class RunQueue<I> {
  readonly #tasks: TaskQueue;
  /** Number of the task that was added last by `add`, and of the one at work. */
  #newest = 0;
  #turn = 0;
  /** Of lists that were ended. */
  #left: I[] = [];

  constructor(private readonly runner: Runner<I>) {
    this.#tasks = new TaskQueue((problem) => runner.failed(problem));
  }

  /** Adds a task that the user waits for, in place of the list at work. */
  add(task: () => Promise<void>): void {
    const turn = ++this.#newest;
    this.#tasks.add(async () => {
      this.#turn = turn;
      await task();
      if (turn === this.#newest && this.#left.length > 0) await this.runList(this.#left.splice(0));
    });
  }

  /** Adds a task that waits for all that was asked before it, and ends nothing. */
  addAfter(task: () => Promise<void>): void {
    this.#tasks.add(task);
  }

  /** Runs items within a task of `add`, until a newer one waits. */
  async runList(items: readonly I[]): Promise<void> {
    const begin = performance.now();
    for (const [index, item] of items.entries()) {
      if (this.#turn !== this.#newest) {
        this.#left.push(...items.slice(index));
        break;
      }
      await this.runner.run(item, { index, count: items.length, begin });
    }
    this.runner.ended();
  }

  /** Leaves out what is left of earlier lists. */
  forgetLeft(): void {
    this.#left = [];
  }
}
