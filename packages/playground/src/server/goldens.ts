import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the conformance package keeps its golden files, one per operation. */
export const goldenFolder = fileURLToPath(new URL('../../golden/', import.meta.resolve('@tfjs-sparse/conformance')));

/** The names of the golden files, without their ending. */
export function goldenNamesJson(): Uint8Array {
  const ending = '.safetensors';
  const files = readdirSync(goldenFolder).filter((name) => name.endsWith(ending));
  return Buffer.from(JSON.stringify(files.map((name) => name.slice(0, -ending.length)).sort()));
}
