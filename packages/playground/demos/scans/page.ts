import { colourOf, labels, sharesOf } from '@tfjs-sparse/lidar-minkunet';
import type { DemoPage, DemoView, OptionValues, ViewHost } from '../../src/demo.js';
import { make } from '../../src/shell/element.js';
import { keysHint } from './cloud-keys.js';
import type { Scan, TimedSegmentation } from './demo.js';
import { openPointsView, type PointsView } from './points-view.js';

export const page: DemoPage<Scan, TimedSegmentation> = { createView: (host) => new ScanView(host) };

/** Shows one of the scans in three dimensions; the others are in a list. */
class ScanView implements DemoView<Scan, TimedSegmentation> {
  readonly element: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly #colours = new ColourChoice(() => this.#colour());
  readonly #columns = make(
    'select',
    { className: 'button', ariaLabel: 'numbers per point of .bin files' },
    ...['guessed', ...Array.from({ length: 14 }, (_, i) => String(3 + i))].map((value) =>
      make('option', { value }, columnsText(value)),
    ),
  );
  readonly #list = make('select', { className: 'button', hidden: true, ariaLabel: 'scans' });
  readonly #legend = make('ul', { className: 'legend' });
  readonly #cloud: PointsView;
  readonly #scans: Scan[] = [];
  readonly #results = new Map<Scan, TimedSegmentation>();
  #shown: Scan | null = null;

  constructor(host: ViewHost<Scan>) {
    const canvas = make('canvas', { ariaLabel: 'the points of the scan, coloured by class' });
    this.element = make('div', { className: 'scan' }, canvas, this.#legend);
    this.controls = [this.#colours.element, this.#list, this.#columns];
    const opened = openPointsView(canvas);
    this.#cloud = opened.view;
    if (opened.isFlat) {
      this.element.classList.add('flat');
      this.element.append(make('p', { className: 'note' }, 'No WebGL here: the scan is seen from above.'));
    } else {
      Object.assign(canvas, { tabIndex: 0, role: 'application', ariaLabel: `${canvas.ariaLabel}. ${keysHint}` });
      const reset = make('button', { className: 'button', type: 'button', title: 'Home, in the view' }, 'First view');
      reset.addEventListener('click', () => opened.view.reset());
      canvas.after(make('p', { className: 'keys', ariaHidden: 'true' }, keysHint), reset);
    }
    this.#list.addEventListener('change', () => {
      this.#shown = this.#scans[this.#list.selectedIndex];
      this.#showPoints();
      host.run(this.#shown);
    });
    this.#showLegend();
  }

  readOptions(): OptionValues {
    return this.#columns.value === 'guessed' ? {} : { columns: [this.#columns.value] };
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
    const pointCount = points.length / 3;
    const speed = Math.round((1000 * pointCount) / ms);
    return (
      `${name}: ${grouped(pointCount)} points in ${grouped(siteCount)} voxels on ${backend}, ` +
      `${ms.toFixed(0)} ms, ${grouped(speed)} points/s${agreement(found, trueLabels)}.${isUnusual ? unusualHint : ''}` +
      (hint ? ` ${hint}` : '')
    );
  }

  #showPoints(): void {
    this.#cloud.showPoints(this.#shown!.points);
    this.#colour();
  }

  #colour(): void {
    const { trueLabels } = this.#shown!;
    this.#colours.offerSimulator(trueLabels !== undefined);
    const chosen = this.#colours.isSimulator ? trueLabels : this.#results.get(this.#shown!)?.labels;
    if (chosen) this.#cloud.showLabels(chosen);
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
  ' The network is less sure of this scan than of streets: is it in metres, z up, the sensor at the origin?';

function columnsText(columns: string): string {
  return columns === 'guessed' ? '.bin: columns guessed' : `.bin: ${columns} columns`;
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
