import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { prepareEnvironment, type CaseResult } from '@tfjs-sparse/conformance';
import { usePlainKernels } from '@tfjs-sparse/core';
import { element, make, showProblem } from '../shell/element.js';
import { startBackend } from '../worker/browser-backend.js';
import type { BackendName } from '../worker/messages.js';
import { CaseMatrix } from './case-matrix.js';
import { fetchCases, type OpCases } from './conformance-cases.js';

/** A column of the matrix: a backend, cpu also with its plain kernels. */
type Column = BackendName | 'cpu-plain';

const status = element('status', HTMLParagraphElement);
const runButton = element('run', HTMLButtonElement);
const saveButton = element('save', HTMLButtonElement);
const results = new Map<string, CaseResult>();

try {
  const ops = await fetchCases();
  const caseCount = ops.reduce((sum, { cases }) => sum + cases.length, 0);
  status.textContent = `${caseCount} cases of ${ops.length} operations and packs. Nothing has run yet.`;
  runButton.addEventListener('click', () => void run(ops));
  saveButton.addEventListener('click', save);
} catch (error) {
  showProblem(error);
  status.textContent = 'Stopped.';
}

async function run(ops: readonly OpCases[]): Promise<void> {
  showProblem(null);
  runButton.disabled = saveButton.disabled = true;
  results.clear();
  const columns = new FormData(element('controls', HTMLFormElement)).getAll('backend') as Column[];
  const matrix = new CaseMatrix(ops, columns);
  element('matrix', HTMLDivElement).replaceChildren(matrix.element);
  for (const column of columns) {
    const missing = await open(column);
    for (const { op, cases } of ops) {
      for (const [index, each] of cases.entries()) {
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
  status.textContent = summary();
  runButton.disabled = saveButton.disabled = false;
}

/** Why the column cannot run, or null. */
async function open(column: Column): Promise<string | null> {
  try {
    await startBackend(column === 'cpu-plain' ? 'cpu' : column, showProblem);
    prepareEnvironment();
    usePlainKernels(column === 'cpu-plain');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function summary(): string {
  const countOf = (wanted: CaseResult['status']) =>
    [...results.values()].filter((result) => result.status === wanted).length;
  return `${results.size} results: ${countOf('pass')} pass, ${countOf('fail')} fail, ${countOf('skip')} could not run.`;
}

function save(): void {
  const report = {
    browser: navigator.userAgent,
    isCrossOriginIsolated: crossOriginIsolated,
    cases: [...results].map(([id, result]) => ({ ...result, id, ms: Math.round(result.ms) })),
  };
  const url = URL.createObjectURL(new Blob([JSON.stringify(report, null, 2)], { type: 'application/json' }));
  make('a', { href: url, download: 'tfjs-sparse-conformance.json' }).click();
  URL.revokeObjectURL(url);
}
