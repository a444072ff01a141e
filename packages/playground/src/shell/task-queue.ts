/** Runs tasks one after the other; one that fails does not keep the next from running. */
export class TaskQueue {
  #last = Promise.resolve();

  constructor(private readonly onProblem: (problem: unknown) => void) {}

  add(task: () => Promise<void>): void {
    this.#last = this.#last.then(task).catch(this.onProblem);
  }
}
