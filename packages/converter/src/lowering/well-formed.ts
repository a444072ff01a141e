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
    throw formatError(name, error);
  }
}

/** `wellFormed` of a file that is in memory. */
export function wellFormedAtOnce<T>(name: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw formatError(name, error);
  }
}

function formatError(name: string, error: unknown): FormatError {
  if (error instanceof FormatError) return error;
  const got = error instanceof Error ? error.message : String(error);
  return new FormatError(violation(name, 'a network must be as its format says', got), { cause: error });
}
