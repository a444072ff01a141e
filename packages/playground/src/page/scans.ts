import { colourOf, labels } from '@tfjs-sparse/lidar-minkunet';
import { sharesOf } from '../segmenter/scan-segmenter.js';
import type { ScanList } from '../server/scans-json.js';
import type { BackendName } from './browser-backend.js';
import { CloudView } from './cloud-view.js';
import { element, make, showProblem } from './element.js';
import { ScanClient } from './scan-client.js';
import type { ShownScan } from './scan-messages.js';

const firstSeed = 3_000_001; // the network saw none from here on

interface Shown {
  readonly name: string;
  readonly scan: ShownScan;
  labels?: Uint8Array;
}

const status = element('status', HTMLParagraphElement);
const client = new ScanClient((report) =>
  report.kind === 'progress' ? (status.textContent = report.text) : showProblem(report.message),
);
let view: CloudView;
let shown: Shown | null = null;
let seed = firstSeed;
/** Whatever changes the scan or the backend runs one after the other. */
let queue = Promise.resolve();

enqueue(async () => {
  view = new CloudView(element('cloud', HTMLCanvasElement));
  showLegend();
  await client.start(chosen('backend') as BackendName);
  const { scans } = (await (await get('scans.json')).json()) as ScanList;
  if (scans.length === 0) return showStreet();
  const choice = element('scans', HTMLSelectElement);
  choice.append(...scans.map(({ name }, i) => make('option', { value: String(i) }, name)));
  choice.hidden = scans.length < 2;
  await showServed();
});

element('backends', HTMLFieldSetElement).addEventListener('change', () =>
  enqueue(async () => {
    status.textContent = `Starting ${chosen('backend')}…`;
    await client.start(chosen('backend') as BackendName);
    if (shown) await show(shown.name, shown.scan);
  }),
);
element('colours', HTMLFieldSetElement).addEventListener('change', colour);
element('scans', HTMLSelectElement).addEventListener('change', () => enqueue(showServed));
element('next', HTMLButtonElement).addEventListener('click', () => enqueue(showStreet));
element('file', HTMLInputElement).addEventListener('change', ({ target }) => {
  const input = target as HTMLInputElement;
  const files = [...(input.files ?? [])];
  input.value = ''; // so that the same file can be opened again
  enqueue(() => openFile(files));
});
for (const type of ['dragover', 'dragleave', 'drop']) {
  document.addEventListener(type, (event) => {
    event.preventDefault();
    document.body.classList.toggle('dropping', type === 'dragover');
  });
}
document.addEventListener('drop', ({ dataTransfer }) => {
  const files = [...(dataTransfer?.files ?? [])];
  enqueue(() => openFile(files));
});

function enqueue(task: () => Promise<void>): void {
  queue = queue
    .then(() => showProblem(null))
    .then(task)
    .catch((problem) => {
      showProblem(problem);
      status.textContent = shown ? `Still ${shown.name}.` : 'Stopped.';
    });
}

async function showStreet(): Promise<void> {
  status.textContent = 'Simulating a street…';
  const scan = await client.simulate(seed);
  await show(`Simulated street ${seed++}`, scan);
}

/** Shows the scan of a file that the command line was given. */
async function showServed(): Promise<void> {
  const { value, selectedOptions } = element('scans', HTMLSelectElement);
  const points = new Float32Array(await (await get(`scans/${value}.bin`)).arrayBuffer());
  await show(selectedOptions[0].text, { points });
}

async function openFile([file]: readonly File[]): Promise<void> {
  if (!file) return;
  status.textContent = `Reading ${file.name}…`;
  await show(file.name, await client.read(file.name, new Uint8Array(await file.arrayBuffer())));
}

/** Shows the points at once and their classes when the worker has them. */
async function show(name: string, scan: ShownScan): Promise<void> {
  shown = { name, scan };
  view.showPoints(scan.points);
  colour();
  const pointCount = (scan.points.length / 3).toLocaleString('en');
  status.textContent = `${name}: segmenting ${pointCount} points…`;
  const { labels: found, siteCount, ms } = await client.segment(scan.points);
  shown.labels = found;
  colour();
  const speed = Math.round((1000 * found.length) / ms).toLocaleString('en');
  status.textContent =
    `${name}: ${pointCount} points in ${siteCount.toLocaleString('en')} voxels on ${chosen('backend')}, ` +
    `${ms.toFixed(0)} ms, ${speed} points/s${agreement(found, scan.trueLabels)}.`;
}

function agreement(found: Uint8Array, trueLabels: Uint8Array | undefined): string {
  if (!trueLabels) return '';
  const labelled = trueLabels.filter((label) => label < labels.length).length;
  const right = found.filter((label, point) => label === trueLabels[point]).length;
  return `, ${((100 * right) / labelled).toFixed(1)} % as in the simulator`;
}

function colour(): void {
  if (!shown) return;
  const { scan, labels: found } = shown;
  for (const radio of document.querySelectorAll<HTMLInputElement>('input[name=colours]')) {
    if (scan.trueLabels) radio.disabled = false;
    else if (radio.value === 'network') radio.checked = true;
    else radio.disabled = true;
  }
  const chosenLabels = chosen('colours') === 'simulator' ? scan.trueLabels : found;
  if (chosenLabels) view.showLabels(chosenLabels);
  showLegend(chosenLabels && sharesOf(chosenLabels));
}

function showLegend(shares?: readonly number[]): void {
  const rows = labels.map((name, label) => {
    const key = make('span', { className: 'key' });
    key.style.background = `rgb(${colourOf(label).join(' ')})`;
    return make(
      'li',
      {},
      key,
      make('span', {}, name),
      make('span', {}, shares ? `${(100 * shares[label]).toFixed(1)} %` : ''),
    );
  });
  element('legend', HTMLUListElement).replaceChildren(...rows);
}

function chosen(name: string): string {
  return new FormData(element('controls', HTMLFormElement)).get(name) as string;
}

async function get(path: string): Promise<Response> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} must be there (is npm start running?), got HTTP ${response.status}`);
  return response;
}
