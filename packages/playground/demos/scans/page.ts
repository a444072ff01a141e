import { colourOf, labels, sharesOf, unlabelled } from '@tfjs-sparse/lidar-minkunet';
import { CloudFrame } from '../../src/clouds/cloud-frame.js';
import { ColumnsChoice } from '../../src/clouds/columns-choice.js';
import type { FirstView } from '../../src/clouds/points-view.js';
import type { DemoPage, DemoView, OptionValues, ViewHost } from '../../src/demo.js';
import { make } from '../../src/shell/element.js';
import type { Scan, TimedSegmentation } from './demo.js';

export const page: DemoPage<Scan, TimedSegmentation> = { createView: (host) => new ScanView(host) };

/** Behind the car, to its right, above the street; in metres. */
const firstView: Omit<FirstView, 'pointPixels'> = {
  eye: [-26, -13, 17],
  target: [4, 0, -1],
  near: 0.5,
  far: 500,
  across: 60,
};

/** Shows one of the scans in three dimensions; the others are in a list. */
class ScanView implements DemoView<Scan, TimedSegmentation> {
  readonly element: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly #colours = new ColourChoice(() => this.#colour());
  readonly #columns: ColumnsChoice;
  readonly #list = make('select', { className: 'button', hidden: true, ariaLabel: 'scans' });
  readonly #legend = make('ul', { className: 'legend' });
  readonly #frame = new CloudFrame(
    { noun: 'scan', label: 'the points of the scan, coloured by class' },
    {
      ...firstView,
      pointPixels: 1.6 * devicePixelRatio, // dense screens are small ones, held near the eye
    },
  );
  readonly #scans: Scan[] = [];
  readonly #results = new Map<Scan, TimedSegmentation>();
  #shown: Scan | null = null;

  constructor(host: ViewHost<Scan>) {
    this.element = this.#frame.element;
    this.element.classList.add('scan');
    this.element.append(this.#legend);
    this.#columns = new ColumnsChoice((isMeant) => host.readAgain(isMeant));
    this.controls = [this.#colours.element, this.#list, this.#columns.element];
    this.#list.addEventListener('change', () => {
      this.#shown = this.#scans[this.#list.selectedIndex];
      this.#showPoints();
      host.run(this.#shown);
    });
    this.#showLegend();
  }

  readOptions(): OptionValues {
    return this.#columns.options;
  }

  add(scans: readonly Scan[]): readonly Scan[] {
    this.#scans.push(...scans);
    this.#list.append(...scans.map(({ name }) => make('option', {}, name)));
    this.#list.hidden = this.#scans.length < 2;
    this.#shown = scans[0];
    this.#list.selectedIndex = this.#scans.indexOf(this.#shown);
    this.#showPoints();
    return [this.#shown];
  }

  replace(before: readonly Scan[], scans: readonly Scan[]): readonly Scan[] {
    before.forEach((old, i) => {
      this.#scans[this.#scans.indexOf(old)] = scans[i]; // a file has one scan
      this.#results.delete(old);
    });
    const place = this.#shown ? before.indexOf(this.#shown) : -1;
    if (place < 0) return [];
    this.#shown = scans[place];
    this.#showPoints();
    return [this.#shown];
  }

  clear(): readonly Scan[] {
    this.#results.clear();
    return this.#shown ? [this.#shown] : [];
  }

  show(scan: Scan, result: TimedSegmentation): void {
    this.#results.set(scan, result);
    if (scan === this.#shown) this.#colour();
  }

  summary(backend: string): string {
    const result = this.#shown && this.#results.get(this.#shown);
    if (!this.#shown || !result) return '';
    const { name, points, trueLabels, hint } = this.#shown;
    const { siteCount, ms, labels: found, isUnusual } = result;
    const hints = [isUnusual && unusualHint, hint, result.hint].filter((text) => text);
    const pointCount = points.length / 3;
    const speed = Math.round((1000 * pointCount) / ms);
    return (
      `${name}: ${grouped(pointCount)} points in ${grouped(siteCount)} voxels on ${backend}, ` +
      `${ms.toFixed(0)} ms, ${grouped(speed)} points/s${agreement(found, trueLabels)}.` +
      hints.map((text) => ` ${text}`).join('')
    );
  }

  #showPoints(): void {
    const { points } = this.#shown!;
    this.#frame.view.showPoints(points, coloursOf(new Uint8Array(points.length / 3).fill(unlabelled)));
    this.#colour();
  }

  #colour(): void {
    const { trueLabels } = this.#shown!;
    this.#colours.offerSimulator(trueLabels !== undefined);
    const chosen = this.#colours.isSimulator ? trueLabels : this.#results.get(this.#shown!)?.labels;
    if (chosen) this.#frame.view.showColours(coloursOf(chosen));
    this.#showLegend(chosen && sharesOf(chosen));
  }

  #showLegend(shares?: readonly number[]): void {
    const rows = labels.map((name, label) => {
      const key = make('span', { className: 'key' });
      key.style.background = `rgb(${colourOf(label).join(' ')})`;
      const share = shares ? `${(100 * shares[label]).toFixed(1)} %` : '';
      return make('li', {}, key, make('span', {}, name), make('span', {}, share));
    });
    this.#legend.replaceChildren(...rows);
  }
}

/** Whose classes colour the points: the network's, or those that the simulator knows. */
class ColourChoice {
  readonly #network = make('input', { type: 'radio', name: 'colours', checked: true });
  readonly #simulator = make('input', { type: 'radio', name: 'colours' });
  readonly element = make(
    'fieldset',
    {},
    make('legend', {}, make('span', {}, 'Colours')),
    make('label', {}, this.#network, 'network'),
    make('label', {}, this.#simulator, 'simulator'),
  );

  constructor(onChange: () => void) {
    this.element.addEventListener('change', onChange);
  }

  get isSimulator(): boolean {
    return this.#simulator.checked;
  }

  offerSimulator(isKnown: boolean): void {
    this.#simulator.disabled = !isKnown;
    if (!isKnown) this.#network.checked = true;
  }
}

const unusualHint =
  'The network is less sure of this scan than of streets: is it in metres, z up, the sensor at the origin?';

/** @returns uint8 `[points, 3]` */
function coloursOf(ofPoints: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(3 * ofPoints.length);
  ofPoints.forEach((label, point) => rgb.set(colourOf(label), 3 * point));
  return rgb;
}

function agreement(found: Uint8Array, trueLabels: Uint8Array | undefined): string {
  if (!trueLabels) return '';
  const labelled = trueLabels.filter((label) => label < labels.length).length;
  const right = found.filter((label, point) => label === trueLabels[point]).length;
  return `, ${((100 * right) / labelled).toFixed(1)} % as in the simulator`;
}

function grouped(value: number): string {
  return value.toLocaleString('en');
}
