import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findPacks } from '@tfjs-sparse/conformance/find-packs';

/** Where the conformance package keeps its golden files, one per operation. */
export const goldenFolder = fileURLToPath(new URL('../../golden/', import.meta.resolve('@tfjs-sparse/conformance')));

/** Where the packs are. */
export const modelsFolder = fileURLToPath(new URL('../../../models/', import.meta.resolve('@tfjs-sparse/conformance')));

/** The packs and the cases of their goldens. */
export function packsJson(): Uint8Array {
  return Buffer.from(JSON.stringify(findPacks(modelsFolder)));
}

/** The names of the golden files, without their ending. */
export function goldenNamesJson(): Uint8Array {
  const ending = '.safetensors';
  const files = readdirSync(goldenFolder).filter((name) => name.endsWith(ending));
  return Buffer.from(JSON.stringify(files.map((name) => name.slice(0, -ending.length)).sort()));
}
