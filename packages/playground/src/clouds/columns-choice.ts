import type { OptionValues } from '../demo.js';
import { make } from '../shell/element.js';

/** The list of how many numbers a point of a .bin file may have. */
export class ColumnsChoice {
  readonly element = make(
    'select',
    { className: 'button', ariaLabel: 'numbers per point of .bin files' },
    ...['guessed', ...Array.from({ length: 14 }, (_, i) => String(3 + i))].map((value) =>
      make('option', { value }, columnsText(value)),
    ),
  );

  /** @param onChange has the open files read again that are meant */
  constructor(onChange: (isMeant: (fileName: string) => boolean) => void) {
    this.element.addEventListener('change', () => onChange((name) => /\.bin(\.gz)?$/i.test(name)));
  }

  get options(): OptionValues {
    return this.element.value === 'guessed' ? {} : { columns: [this.element.value] };
  }
}

function columnsText(columns: string): string {
  return columns === 'guessed' ? '.bin: columns guessed' : `.bin: ${columns} columns`;
}
