import { violation } from '@tfjs-sparse/core';
import { FormatError } from '../format-error.js';

/**
 * Makes a graph of a network whose parts are read as they are met: what is not as its format says ends in a FormatError, however
 * it was noticed.
 */
export async function wellFormed<T>(name: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof FormatError) throw error;
    const got = error instanceof Error ? error.message : String(error);
    throw new FormatError(violation(name, 'a network must be as its format says', got), { cause: error });
  }
}
