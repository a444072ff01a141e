import { readFile } from 'node:fs/promises';
import { readSafetensors } from '@tfjs-sparse/core';
import { FormatError } from '../format-error.js';
import { reasonOf } from './open-source.js';
import type { NamedTensors } from '../verification/named-tensors.js';

/** The tensors of a safetensors file. @throws FormatError for another */
export async function tensorsOf(path: string): Promise<NamedTensors> {
  try {
    return readSafetensors(await readFile(path)).tensors;
  } catch (error) {
    if (error instanceof RangeError) throw new FormatError(error.message, { cause: error });
    throw new FormatError(`${path} must be a file that can be read, got ${reasonOf(error)}`, { cause: error });
  }
}
