import { goldenCases, runCase, type CaseResult } from '@tfjs-sparse/conformance';
import type { FoundPack } from '@tfjs-sparse/conformance/find-packs';
import { goldensOf, operationCases, operations } from '@tfjs-sparse/conformance/operations';
import { runPackCase } from '@tfjs-sparse/conformance/run-pack';
import { readSafetensors } from '@tfjs-sparse/core';

/** A row of the matrix: the cases of an operation or of a pack. */
export interface OpCases {
  readonly op: string;
  readonly cases: readonly { readonly id: string; run(): Promise<CaseResult> }[];
}

/** The cases of every operation and of every pack, with the golden values that the server has. */
export async function fetchCases(): Promise<OpCases[]> {
  const packs = (await (await fetched('packs.json')).json()) as FoundPack[];
  return Promise.all([...operationCases.map(casesWithGoldens), ...packs.map(packCases)]);
}

/** Of the files that `fetchCases` fetches. */
export function goldenPaths(): string[] {
  return ['packs.json', ...operationCases.map(({ op }) => goldenPath(op))];
}

function goldenPath(op: string): string {
  return `conformance/${op}.safetensors`;
}

async function casesWithGoldens(operation: (typeof operationCases)[number]): Promise<OpCases> {
  const { op } = operation;
  const file = await (await fetched(goldenPath(op))).arrayBuffer();
  const goldens = goldensOf(operation, goldenCases(readSafetensors(new Uint8Array(file)), op));
  return { op, cases: goldens.map((golden) => ({ id: golden.id, run: () => runCase(golden, operations) })) };
}

function packCases({ pack, cases, problem }: FoundPack): OpCases {
  const op = `packs/${pack}`;
  if (problem) return { op, cases: [{ id: op, run: async () => failed(op, problem) }] };
  const { href } = new URL(`conformance/packs/${pack}`, document.baseURI);
  return { op, cases: cases.map((each) => ({ id: each.id, run: () => runPackCase(each, href) })) };
}

function failed(id: string, reason: string): CaseResult {
  return { id, status: 'fail', maxError: null, reason, ms: 0 };
}

async function fetched(path: string): Promise<Response> {
  const response = await fetch(path);
  if (!response.ok)
    throw new Error(`conformance: ${path} must be served (is npm start running?), got HTTP ${response.status}`);
  return response;
}
