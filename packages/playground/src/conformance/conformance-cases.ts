import { goldenCases, type GoldenCase } from '@tfjs-sparse/conformance';
import { readSafetensors } from '@tfjs-sparse/core';

export interface OpCases {
  readonly op: string;
  readonly cases: readonly GoldenCase[];
}

/** The cases of every operation, with the golden values that the server has. */
export async function fetchCases(): Promise<OpCases[]> {
  const ops = (await (await fetched('conformance.json')).json()) as string[];
  return Promise.all(
    ops.map(async (op) => {
      const file = await (await fetched(`conformance/${op}.safetensors`)).arrayBuffer();
      return { op, cases: goldenCases(readSafetensors(new Uint8Array(file)), op) };
    }),
  );
}

async function fetched(path: string): Promise<Response> {
  const response = await fetch(path);
  if (!response.ok)
    throw new Error(`conformance: ${path} must be served (is npm start running?), got HTTP ${response.status}`);
  return response;
}
