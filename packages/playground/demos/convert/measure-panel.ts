import { make } from '../../src/shell/element.js';
import { actionButton, durationText, field, panel, refusal, setWaiting, shapeText, showRefusal } from './panel.js';
import type {
  Converted,
  Measured,
  MeasureTask,
  NamedBlob,
  OutputDifference,
  Refused,
  SampleSettings,
} from './tasks.js';

interface NumberSetting {
  readonly key: 'seed' | 'openLength' | 'sites';
  readonly label: string;
  readonly value: number;
  readonly most: number;
}

const numbers: readonly NumberSetting[] = [
  { key: 'seed', label: 'Seed of the inputs', value: 1, most: 9999 },
  { key: 'openLength', label: 'Length of open axes', value: 32, most: 2048 },
  { key: 'sites', label: 'Sites', value: 2000, most: 200_000 },
];

/** Runs the converted model beside the file's own. */
export class MeasurePanel {
  readonly #numbers = numbers.map(({ key, label, value, most }) => {
    const input = make('input', { type: 'number', min: '1', max: String(most), step: '1', value: String(value) });
    return { key, most, input, element: field(label, input) };
  });
  readonly #inputs = make('input', { type: 'file', accept: '.safetensors' });
  readonly #outputs = make('input', { type: 'file', accept: '.safetensors' });
  readonly #grid = make('input', { type: 'text', value: '64', placeholder: '41, 160, 140' });
  readonly #ofGrid = field('Cells on the axes', this.#grid);
  readonly #ownGrid = make('input', { type: 'text', placeholder: '41, 160, 140' });
  readonly #ofOwnGrid = field('Cells on the axes', this.#ownGrid);
  readonly #button: HTMLButtonElement;
  readonly #problem = refusal();
  readonly #body = make('tbody');
  readonly #words = make('p', { className: 'hint' });
  readonly element: HTMLElement;

  constructor(measure: () => void) {
    const head = make('thead', {}, make('tr', {}, ...['', 'Time', 'Runs'].map(headCell)));
    const own = make(
      'details',
      {},
      make('summary', {}, 'Inputs and outputs of your own'),
      make('p', { className: 'hint' }, ownHint),
      field('Inputs (.safetensors)', this.#inputs),
      field('Outputs (.safetensors)', this.#outputs),
      this.#ofOwnGrid,
    );
    this.#words.setAttribute('role', 'status');
    this.#button = actionButton('Run dense and sparse', measure);
    this.element = panel(
      'measure',
      'Run it here',
      ...this.#numbers.map(({ element }) => element),
      this.#ofGrid,
      own,
      this.#button,
      this.#problem,
      make('table', {}, head, this.#body),
      this.#words,
    );
    this.clear();
  }

  /** There is nothing to run. */
  clear(): void {
    this.element.hidden = true;
  }

  /** Inputs and outputs are of one network. */
  forgetOwn(): void {
    for (const input of [this.#inputs, this.#outputs, this.#ownGrid]) input.value = '';
  }

  /** A model can be run now. */
  show({ inputs }: Converted): void {
    const isOnSites = inputs.some(({ name }) => name === 'coords');
    const hasOpen = inputs.some(({ shape }) => shape?.slice(1).includes(null));
    const isAsked = { seed: true, openLength: hasOpen && !isOnSites, sites: isOnSites };
    for (const { key, element } of this.#numbers) element.hidden = !isAsked[key];
    this.#ofGrid.hidden = this.#ofOwnGrid.hidden = !isOnSites;
    this.element.hidden = false;
    this.showNothing('Not run yet.');
  }

  /** No times, and why. */
  showNothing(reason: string): void {
    this.#problem.hidden = true;
    this.#body.replaceChildren(line('Converted', '…', ''), line('As in the file', '…', ''));
    this.#words.textContent = reason;
  }

  showBusy(isBusy: boolean): void {
    setWaiting(this.#button, isBusy);
    if (isBusy) this.showNothing('Running…');
  }

  sample(): SampleSettings {
    const [seed, openLength, sites] = this.#numbers.map(({ most, input }) => {
      const value = Math.min(Math.max(Math.round(Number(input.value)) || 1, 1), most);
      input.value = String(value);
      return value;
    });
    return { seed, openLength, sites, grid: this.#grid.value };
  }

  own(): Pick<MeasureTask, 'inputs' | 'outputs' | 'grid'> {
    const [inputs, outputs] = [this.#inputs, this.#outputs].map(({ files }) => fileOf(files?.[0]));
    return { inputs, outputs, grid: this.#ownGrid.value };
  }

  showMeasured({ device, converted, dense, differences, given, inputs, outputs }: Measured): void {
    this.#body.replaceChildren(
      line('Converted', durationText(converted.ms), String(converted.runs)),
      dense
        ? line('As in the file', durationText(dense.ms), String(dense.runs))
        : line('As in the file', 'the same', ''),
    );
    const ratio = dense && dense.ms / converted.ms;
    const shapes = (of: Measured['inputs']) => of.map(({ name, shape }) => `${name} ${shapeText(shape)}`).join(', ');
    this.#words.textContent = [
      ratio === null ? sameText : `${ratioText(ratio)} on ${device}, by ${method}.`,
      dense &&
        `As in the file: dense, float32, nothing pruned. Largest difference to it: ${differenceText(differences)}.`,
      given && givenText(given),
      `Inputs: ${shapes(inputs)}. Outputs: ${shapes(outputs)}.`,
    ]
      .filter(Boolean)
      .join(' ');
  }

  refuse(refused: Refused): void {
    this.showNothing('');
    showRefusal(this.#problem, refused);
  }
}

const ownHint =
  'Tensors by the names of the inputs and outputs, one alone by any name: in PyTorch ' +
  'safetensors.torch.save_file({"input": x}, "x.safetensors"). A model on sites takes features and coords, and the cells of ' +
  'its grid where they reach beyond the last site.';
const method = 'medians of runs in turns, each with reading its results';
const sameText = 'One time: no operation has changed, so that the converted model is the one of the file.';

function fileOf(file: File | undefined): NamedBlob | null {
  return file ? { name: file.name, blob: file } : null;
}

/** Of values above 1 it is relative. */
function differenceText(differences: readonly OutputDifference[]): string {
  return differences.map(({ output, maxError }) => `${maxError.toExponential(1)} (${output})`).join(', ');
}

const mostError = 1e-4; // as of npx tfjs-sparse verify

function givenText(given: readonly OutputDifference[]): string {
  const isSame = given.every(({ maxError }) => maxError <= mostError);
  const verdict = isSame ? 'It gives your outputs' : `It does not give your outputs (within ${mostError})`;
  return `${verdict}; largest difference: ${differenceText(given)}.`;
}

const leastRatio = 1.05; // below, times of one machine vary as much

function ratioText(ratio: number): string {
  if (ratio >= leastRatio) return `${ratio.toFixed(1)} times as fast as dense`;
  return ratio * leastRatio > 1 ? 'As fast as dense' : `Slower than dense (${(1 / ratio).toFixed(1)} times its time)`;
}

function headCell(text: string): HTMLTableCellElement {
  return make(text ? 'th' : 'td', text ? { scope: 'col' } : {}, text);
}

function line(name: string, ...texts: readonly string[]): HTMLElement {
  return make('tr', {}, make('th', { scope: 'row' }, name), ...texts.map((text) => make('td', {}, text)));
}
