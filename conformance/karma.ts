// Browser entry: a spec per case and backend, on the backends that karma.conf.js names.
import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { checkShaders, readSafetensors, usePlainKernels } from '@tfjs-sparse/core';
import type { BrowserRunOptions } from './browser-run.js';
import { callCases, operationCases, operations, peerReaders } from './operations.js';
import { goldensOf } from './own-goldens.js';
import { adapterLine } from './adapter-line.js';
import { idOn, variantsOf, type BackendVariant } from './src/backends.js';
import type { FoundPack } from './find-packs.js';
import { runPackCase } from './run-pack.js';
import { applyExpectation, readExpectations, type Expectations } from './src/expectations.js';
import { matchesGlob } from './src/glob.js';
import { goldenCases, type GoldenCase } from './src/golden-file.js';
import { prepareEnvironment } from './src/prepare-environment.js';
import { formatResult, type CaseResult } from './src/report.js';
import { runCall } from './src/run-call.js';
import { runCase } from './src/run-case.js';

interface KarmaConfig {
  readonly backends: readonly string[];
  readonly browser: string;
  readonly isRequired: boolean;
  /** Given by the command line only. */
  readonly conformance?: BrowserRunOptions;
}

/** What `findPacks` finds when the tests are bundled. */
declare const foundPacks: readonly FoundPack[];

/** Runs a case, unless its backend is missing, and reports it as the spec that runs. */
type Run = (id: string, runHere: () => Promise<CaseResult>) => Promise<void>;

const karma = Reflect.get(window, '__karma__') as { readonly config: KarmaConfig };
const { backends, browser, isRequired, conformance } = karma.config;
const filter = conformance?.filter ?? '*';

for (const variant of variantsOf(backends)) {
  describe(`conformance on ${variant.name}`, () => {
    let expectations: Expectations = new Map();
    let missing: string | null = null;

    beforeAll(async () => {
      missing = await open(variant);
      expectations = await fetchExpectations(variant);
    });
    afterAll(() => tf.setBackend('cpu'));

    const run: Run = async (id, runHere) => {
      const ran = missing ? unavailable(id, missing) : await runHere();
      const result = { ...applyExpectation(ran, expectations), id: idOn(variant, id) };
      if (conformance) console.log(`conformance ${formatResult(result, true)}`);
      if (result.status === 'fail') fail(result.reason);
      if (result.status === 'skip') pending(result.reason ?? '');
    };
    if (conformance?.goldens) defineGoldens(conformance.goldens, run);
    else {
      defineOwnCases(run);
      for (const call of callCases.filter(({ id }) => matchesGlob(id, filter))) {
        it(call.id, () => run(call.id, () => runCall(call)));
      }
      definePacks(run);
    }
  });
}

function defineOwnCases(run: Run): void {
  for (const operation of operationCases) {
    const { op, cases } = operation;
    let goldens: GoldenCase[] = [];
    beforeAll(async () => {
      goldens = goldensOf(operation, await fetchGoldens(`/conformance/golden/${op}.safetensors`, op));
    });
    cases.forEach(({ id }, index) => {
      if (matchesGlob(id, filter)) it(id, () => run(id, () => runCase(goldens[index], operations)));
    });
  }
}

function definePacks(run: Run): void {
  for (const { pack, cases, problem } of foundPacks) {
    const source = new URL(`/models/${pack}`, location.href).href;
    for (const packCase of cases.filter(({ id }) => matchesGlob(id, filter))) {
      it(packCase.id, () => run(packCase.id, () => runPackCase(packCase, source)));
    }
    const id = `packs/${pack}`;
    if (problem && matchesGlob(id, filter)) it(id, () => run(id, async () => unreadable(id, problem)));
  }
}

function unreadable(id: string, reason: string): CaseResult {
  return { id, status: 'fail', maxError: null, reason, ms: 0 };
}

function defineGoldens(goldens: readonly { id: string; url: string }[], run: Run): void {
  for (const { id, url } of goldens.filter((golden) => matchesGlob(golden.id, filter))) {
    it(id, async () => {
      const read = await fetchGoldens(url, id).catch((error: unknown) => String(error));
      if (typeof read !== 'string') for (const golden of read) await run(golden.id, () => runCase(golden, operations));
      else await run(id, async () => unreadable(id, read));
    });
  }
}

function unavailable(id: string, reason: string): CaseResult {
  return { id, status: isRequired ? 'fail' : 'skip', maxError: null, reason, ms: 0 };
}

async function open(variant: BackendVariant): Promise<string | null> {
  if (variant.tfjsName === 'webgpu' && !(await navigator.gpu?.requestAdapter()))
    return `${browser} gives no WebGPU adapter`;
  if (variant.tfjsName === 'webgl' && !document.createElement('canvas').getContext('webgl2'))
    return `${browser} gives no WebGL`;
  if (!(await tf.setBackend(variant.tfjsName))) return `tfjs could not initialise its ${variant.tfjsName} backend`;
  prepareEnvironment();
  usePlainKernels(variant.isPlain);
  if (variant.tfjsName === 'webgpu') {
    console.warn(await adapterLine());
    checkShaders(tf.backend() as WebGPUBackend);
  }
  return null;
}

async function fetchGoldens(url: string, id: string): Promise<GoldenCase[]> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`conformance: ${url} must be served, got status ${response.status}`);
  return goldenCases(readSafetensors(new Uint8Array(await response.arrayBuffer())), id, peerReaders);
}

async function fetchExpectations(variant: BackendVariant): Promise<Expectations> {
  const response = await fetch(`/conformance/expectations/${browser}-${variant.name}.txt`);
  return response.ok ? readExpectations(await response.text()) : new Map();
}
