import type { DemoCommand, RowTable } from '../../src/demo.js';
import { csvRows } from '../../src/files/csv-rows.js';
import { bytesText, rounded } from '../../src/numbers.js';
import type { Opened, Outcome, Task } from './tasks.js';

export const command: DemoCommand<Task, Outcome> = {
  summary: 'Says what is in checkpoints: tensors, zeros, what they would take with sparse kernels.',
  options: {},
  note: 'npx tfjs-sparse convert FILE FOLDER converts a checkpoint without the page, npx tfjs-sparse inspect FILE shows it.',

  asked: () => [],

  table: (tasks) => new CheckpointTable(tasks),

  jsonRow: (task, outcome) => JSON.stringify(rowOf(task, openedOf(outcome))),

  files(tasks, outcomes) {
    const rows = tasks.flatMap((task, i) =>
      openedOf(outcomes[i]).weights.map(({ path, dtype, shape, bytes, sparsity, said, kernel }) => ({
        file: task.source?.file ?? task.name,
        path,
        dtype,
        shape: shape.join(' x '),
        bytes,
        sparsity: rounded(sparsity, 6),
        pattern: said,
        kernel,
      })),
    );
    return rows.length > 0 ? [{ name: 'weights.csv', contents: csvRows(rows) }] : [];
  },
};

/** @throws RangeError where the file could not be read */
function openedOf(outcome: Outcome): Opened {
  if (outcome.task === 'refused') throw new RangeError(outcome.message);
  if (outcome.task !== 'open') throw new Error(`internal: the command line must not ask for ${outcome.task}`);
  return outcome;
}

function rowOf({ name, source }: Task, { format, weights, totals, network }: Opened) {
  const { elements, zeros, bytes, bytesAfter } = totals;
  return {
    file: source?.file ?? name,
    index: source?.index ?? 0,
    format,
    architecture: network.architecture,
    tensors: weights.length,
    numbers: elements,
    zeros: rounded(elements > 0 ? zeros / elements : 0, 6),
    bytes,
    bytesAfter,
  };
}

class CheckpointTable implements RowTable<Task, Outcome> {
  readonly #nameWidth: number;

  constructor(tasks: readonly Task[]) {
    this.#nameWidth = Math.max('checkpoint'.length, ...tasks.map(({ name }) => name.length));
  }

  header(): string {
    return this.#line('checkpoint', ['format', 'tensors', 'numbers', 'zeros', 'bytes', 'sparse']);
  }

  row(task: Task, outcome: Outcome): string {
    const { format, tensors, numbers, zeros, bytes, bytesAfter } = rowOf(task, openedOf(outcome));
    const share = `${(100 * zeros).toFixed(1)} %`;
    const cells = [
      format,
      String(tensors),
      numbers.toLocaleString('en'),
      share,
      bytesText(bytes),
      bytesText(bytesAfter),
    ];
    return this.#line(task.name, cells);
  }

  footer(): null {
    return null;
  }

  #line(name: string, cells: readonly string[]): string {
    return `${name.padEnd(this.#nameWidth)}  ${cells.map((cell) => cell.padStart(12)).join(' ')}`;
  }
}
