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
