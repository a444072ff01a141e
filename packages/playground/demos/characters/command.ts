import type { DemoCommand, RowTable } from '../../src/demo.js';
import { csvRows } from '../../src/files/csv-rows.js';
import { requireFile } from '../../src/files/require-file.js';
import { counted, rounded } from '../../src/numbers.js';
import { hintOf } from './reading-hint.js';
import { percent } from './percent.js';
import { configIn } from './read-task-file.js';
import type { Outcome, Quality, Reading, SaeDescription, Task } from './tasks.js';

export const command: DemoCommand<Task, Outcome> = {
  summary:
    'Reads a text with the transformer models/shakespeare-topk and takes its activations apart into features with the ' +
    'autoencoder models/shakespeare-sae.',
  options: {
    text: { placeholder: 'TEXT', help: 'read this text; may be given several times' },
    'sae-config': {
      placeholder: 'JSON',
      help: 'what the cfg.json of an autoencoder in --input says, such as {"k":32}',
    },
    'shakespeare-pack': {
      placeholder: 'FOLDER',
      help: 'another transformer than models/shakespeare-topk',
      replacesPack: 'shakespeare-topk',
    },
    'sae-pack': {
      placeholder: 'FOLDER',
      help: 'another autoencoder than models/shakespeare-sae',
      replacesPack: 'shakespeare-sae',
    },
  },

  asked(values) {
    configIn(values); // a mistake shows before any file is read
    requireFile(!values.text?.includes(''), 'start: --text must have a character', 'none');
    return (values.text ?? []).map((text, i) => ({ task: 'read', name: `text ${i + 1}`, text, kind: 'topk' }));
  },

  table: (tasks) => new FeatureTable(tasks),

  jsonRow: (task, outcome) => JSON.stringify({ ...placeOf(task), ...jsonOf(outcome) }),

  files(tasks, outcomes) {
    const rows = tasks.flatMap((task, i) => {
      const outcome = outcomes[i];
      return outcome.task === 'read' ? activeRows(task, outcome) : [];
    });
    return rows.length > 0 ? [{ name: 'features.csv', contents: csvRows(rows) }] : [];
  },
};

function placeOf({ name, source }: Task) {
  return { file: source?.file ?? name, index: source?.index ?? 0 };
}

/** A row for each active feature of each character. */
function activeRows(task: Task, { text, starts, features, values }: Reading) {
  return [...text].flatMap((character, place) =>
    Array.from({ length: starts[place + 1] - starts[place] }, (_, rank) => {
      const at = starts[place] + rank;
      const value = rounded(values[at], 4);
      return { ...placeOf(task), place, character: JSON.stringify(character), feature: features[at], value };
    }),
  );
}

function jsonOf(outcome: Outcome): object {
  if (outcome.task === 'open') return descriptionOf(outcome.sae);
  if (outcome.task !== 'read') throw new Error(`internal: the command line must not ask for ${outcome.task}`);
  const { text, unknownCount, quality, starts, features, ms } = outcome;
  const hint = hintOf(outcome);
  return {
    characters: text.length,
    unknown: unknownCount,
    ...(hint && { hint }),
    varianceUnexplained: roundedShare(quality),
    activeFeatures: rounded(quality.activeFeatures, 2),
    everActive: quality.everActive,
    strongest: Array.from(text, (_, place) => (starts[place] < starts[place + 1] ? features[starts[place]] : null)),
    ms: rounded(ms, 2),
  };
}

function descriptionOf({ quality, pairings: _, rowLengths, ...description }: SaeDescription): object {
  const rest = quality && { ...quality, varianceUnexplained: roundedShare(quality) };
  return { ...description, rowLengths: rowLengths.map((length) => rounded(length, 4)), ...rest };
}

class FeatureTable implements RowTable<Task, Outcome> {
  readonly #nameWidth: number;

  constructor(tasks: readonly Task[]) {
    this.#nameWidth = Math.max(...tasks.map(({ name }) => name.length));
  }

  header(): string {
    return this.#line('text', ['characters', 'ms', 'unexplained', 'active']);
  }

  row({ name }: Task, outcome: Outcome): string {
    if (outcome.task === 'open') return this.#saeRow(name, outcome.sae);
    if (outcome.task !== 'read') throw new Error(`internal: the command line must not ask for ${outcome.task}`);
    const { text, ms, quality } = outcome;
    const cells = [String(text.length), ms.toFixed(1), percent(quality.varianceUnexplained)];
    const hint = hintOf(outcome);
    return this.#line(name, [...cells, quality.activeFeatures.toFixed(1)]) + (hint ? `\n  ${hint}` : '');
  }

  footer(): null {
    return null;
  }

  #saeRow(name: string, sae: SaeDescription): string {
    const { library, features, width, quality, characters, networkWidth } = sae;
    const measured = quality
      ? `${percent(quality.varianceUnexplained)} unexplained, ${quality.activeFeatures.toFixed(1)} active of ${counted(characters, 'character')}`
      : `not measured: the network's activations have ${networkWidth} numbers`;
    return `${name}: ${library}, ${features} features of ${width} numbers, ${measured}`;
  }

  #line(name: string, cells: readonly string[]): string {
    return `${name.padEnd(this.#nameWidth)}  ${cells.map((cell) => cell.padStart(11)).join(' ')}`;
  }
}

function roundedShare({ varianceUnexplained }: Quality): number | null {
  return varianceUnexplained === null ? null : rounded(varianceUnexplained, 4);
}
