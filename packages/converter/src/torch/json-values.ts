import { requireFormat } from '../format-error.js';

const reader = 'readExport';

/** @param what names it in the error */
export function object(value: unknown, what: string): Record<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  requireFormat(isObject, reader, `${what} must be an object`, typeof value);
  return value as Record<string, unknown>;
}

/** @param what names it in the error */
export function list(value: unknown, what: string): unknown[] {
  requireFormat(Array.isArray(value), reader, `${what} must be a list`, typeof value);
  return value as unknown[];
}
