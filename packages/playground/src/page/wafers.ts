import { loadPack } from '@tfjs-sparse/packs';
import '@tfjs-sparse/sparse-conv/layers';
import { WaferClassifier } from '../classifier/wafer-classifier.js';
import { readWafers } from '../wafer-input/read-wafers.js';
import type { WaferList } from '../server/wafers-json.js';
import { startBackend, type BackendName } from './browser-backend.js';
import { element, showProblem } from './element.js';
import { WaferCard } from './wafer-card.js';

const maxMapsOfFile = 200; // of one opened file; more cards make the page slow

const cards: WaferCard[] = [];
const grid = element('wafers', HTMLElement);
const status = element('status', HTMLParagraphElement);
let classifier: WaferClassifier | null = null;
/** Everything that uses the backend runs one after the other. */
let queue = Promise.resolve();

enqueue(async () => {
  const response = await fetch('wafers.json');
  if (!response.ok)
    throw new Error(`the list of wafers must be there (is npm start running?), got HTTP ${response.status}`);
  const { wafers, omitted } = (await response.json()) as WaferList;
  addCards(wafers.map(({ name, map }) => new WaferCard(name, bytesOfBase64(map))));
  await useBackend(chosenBackend());
  if (omitted > 0) showProblem(`${omitted} more maps are in the table of the command line only.`);
});

element('backends', HTMLFieldSetElement).addEventListener('change', () => enqueue(() => useBackend(chosenBackend())));

element('file', HTMLInputElement).addEventListener('change', ({ target }) => {
  const input = target as HTMLInputElement;
  const files = [...(input.files ?? [])];
  input.value = ''; // so that the same file can be opened again
  enqueue(() => openFiles(files));
});

for (const type of ['dragover', 'dragleave', 'drop']) {
  document.addEventListener(type, (event) => {
    event.preventDefault();
    document.body.classList.toggle('dropping', type === 'dragover');
  });
}
document.addEventListener('drop', ({ dataTransfer }) => {
  const files = [...(dataTransfer?.files ?? [])];
  enqueue(() => openFiles(files));
});

function enqueue(task: () => Promise<void>): void {
  queue = queue.then(task).catch((problem) => {
    console.error(problem); // with its stack
    showProblem(problem);
    status.textContent = 'Stopped.';
  });
}

function chosenBackend(): BackendName {
  return new FormData(element('controls', HTMLFormElement)).get('backend') as BackendName;
}

/** Loads the pack on another backend: tensors cannot move between backends without a synchronous read. */
async function useBackend(name: BackendName): Promise<void> {
  showProblem(null);
  classifier?.pack.dispose();
  classifier = null;
  for (const card of cards) card.clear();
  status.textContent = `Starting ${name}…`;
  await startBackend(name, showProblem);
  const pack = await loadPack(new URL('pack/', document.baseURI), {
    onProgress: ({ loaded, total }) =>
      (status.textContent = `Loading the pack: ${Math.round((100 * loaded) / total)} %`),
  });
  classifier = new WaferClassifier(pack);
  await classifier.warmUp(cards.slice(0, 4).map(({ map }) => map));
  await classify(cards);
}

async function openFiles(files: readonly File[]): Promise<void> {
  showProblem(null);
  for (const file of files) {
    const maps = await mapsOf(file);
    if (!maps) continue;
    if (maps.length > maxMapsOfFile)
      showProblem(`${file.name} has ${maps.length} maps, the first ${maxMapsOfFile} are shown.`);
    const shown = maps.slice(0, maxMapsOfFile);
    const added = shown.map((map, i) => new WaferCard(maps.length > 1 ? `${file.name} ${i + 1}` : file.name, map));
    addCards(added);
    await classify(added);
  }
}

/** The maps of a file; null, and the reason on the page, when it holds none. */
async function mapsOf(file: File): Promise<Uint8Array[] | null> {
  try {
    return await readWafers(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    showProblem(`${file.name}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** Opened files come first. */
function addCards(added: readonly WaferCard[]): void {
  cards.unshift(...added);
  grid.prepend(...added.map((card) => card.element));
}

async function classify(chosen: readonly WaferCard[]): Promise<void> {
  if (!classifier) return;
  const times: number[] = [];
  for (const card of chosen) {
    const result = await classifier.classify(card.map);
    card.show(result, classifier.pack.manifest.labels, classifier.levelsOf(card.map));
    times.push(result.ms);
    status.textContent = `Classified ${times.length} of ${chosen.length} wafers…`;
    await new Promise((resolve) => setTimeout(resolve)); // lets the page draw
  }
  const median = times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  status.textContent = `${times.length} wafers on ${chosenBackend()}, ${median.toFixed(1)} ms each (median).`;
}

function bytesOfBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
