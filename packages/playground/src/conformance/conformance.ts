import '@tensorflow/tfjs-backend-webgl';
import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { matchesGlob, prepareEnvironment, type CaseResult } from '@tfjs-sparse/conformance';
import { gpuAdapterName, usePlainKernels } from '@tfjs-sparse/core';
import { element, showProblem } from '../shell/element.js';
import { keepOffline } from '../shell/keep-offline.js';
import { saveBlob } from '../shell/save-blob.js';
import { startBackend } from '../worker/browser-backend.js';
import type { BackendName } from '../worker/messages.js';
import { CaseMatrix } from './case-matrix.js';
import { fetchCases, goldenPaths, type OpCases } from './conformance-cases.js';

/** A column of the matrix: a backend, cpu also with its plain kernels. */
type Column = BackendName | 'webgl' | 'cpu-plain';

/** Of the packages, written by the build. */
declare const siteVersion: string;

const status = element('status', HTMLParagraphElement);
const runButton = element('run', HTMLButtonElement);
const saveButton = element('save', HTMLButtonElement);
const stopButton = element('stop', HTMLButtonElement);
const filter = element('filter', HTMLInputElement);
const results = new Map<string, CaseResult>();
let isStopped = false;
const isKept = (navigator.serviceWorker as ServiceWorkerContainer | undefined)?.controller != null; // all that it fetches

try {
  const ops = await fetchCases();
  const caseCount = ops.reduce((sum, { cases }) => sum + cases.length, 0);
  status.textContent = `${caseCount} cases of ${ops.length} operations and packs. Nothing has run yet.`;
  element('controls', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault(); // Enter in the field runs, too; a form that is sent loads the page again
    void run(ops);
  });
  stopButton.addEventListener('click', () => (isStopped = true));
  saveButton.addEventListener('click', () => void save());
  void keepOffline(isKept ? [] : goldenPaths());
} catch (error) {
  showProblem(error);
  status.textContent = 'Stopped.';
}

async function run(all: readonly OpCases[]): Promise<void> {
  showProblem(null);
  const columns = new FormData(element('controls', HTMLFormElement)).getAll('backend') as Column[];
  const glob = filter.value.trim() || '*';
  const ops = all
    .map(({ op, cases }) => ({ op, cases: cases.filter(({ id }) => matchesGlob(id, glob)) }))
    .filter(({ cases }) => cases.length > 0);
  if (columns.length === 0) return showProblem('No backend is ticked.');
  if (ops.length === 0)
    return showProblem(`No case matches ${glob} (an id such as subm-conv/k3, * for any characters).`);
  isStopped = false;
  runButton.disabled = saveButton.disabled = true;
  stopButton.disabled = false;
  results.clear();
  const matrix = new CaseMatrix(ops, columns);
  element('matrix', HTMLDivElement).replaceChildren(matrix.element);
  for (const column of columns) {
    const missing = await open(column);
    for (const { op, cases } of ops) {
      for (const [index, each] of cases.entries()) {
        if (isStopped) break;
        status.textContent = `${column}: ${op} ${index + 1} of ${cases.length}`;
        const result: CaseResult = missing
          ? { id: each.id, status: 'skip', maxError: null, reason: missing, ms: 0 }
          : await each.run();
        results.set(`${each.id};backend=${column}`, result);
        matrix.show(op, column, result);
        await new Promise((resolve) => setTimeout(resolve)); // lets the page draw
      }
    }
  }
  usePlainKernels(false);
  status.textContent = [
    summary(),
    isStopped ? 'Stopped before the end.' : '',
    columns.includes('webgpu') ? await adapterText() : '',
  ].join(' ');
  runButton.disabled = saveButton.disabled = false;
  stopButton.disabled = true;
}

/** Why the column cannot run, or null. */
async function open(column: Column): Promise<string | null> {
  try {
    if (column === 'webgl') await startWebgl();
    else await startBackend(column === 'cpu-plain' ? 'cpu' : column, showProblem);
    prepareEnvironment();
    usePlainKernels(column === 'cpu-plain');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function adapterText(): Promise<string> {
  const adapter = await gpuAdapterName();
  if (!adapter) return 'There is no WebGPU adapter.';
  return adapter.isSoftware ? `SOFTWARE ADAPTER, NO GPU WAS TESTED: ${adapter.name}.` : `GPU: ${adapter.name}.`;
}

async function startWebgl(): Promise<void> {
  if (!(await setBackend('webgl').catch(() => false))) throw new Error('this browser gives no WebGL');
}

function summary(): string {
  const countOf = (wanted: CaseResult['status']) =>
    [...results.values()].filter((result) => result.status === wanted).length;
  return `${results.size} results: ${countOf('pass')} pass, ${countOf('fail')} fail, ${countOf('skip')} could not run.`;
}

async function save(): Promise<void> {
  const report = {
    version: siteVersion,
    date: new Date().toISOString(),
    browser: navigator.userAgent,
    adapter: await gpuAdapterName(),
    threads: 1,
    hardwareConcurrency: navigator.hardwareConcurrency,
    isCrossOriginIsolated: crossOriginIsolated,
    cases: [...results].map(([id, result]) => ({ ...result, id, ms: Math.round(result.ms) })),
  };
  const blob = new Blob([JSON.stringify(report, null, 2)], { type: 'application/json' });
  saveBlob('tfjs-sparse-conformance.json', blob);
}
