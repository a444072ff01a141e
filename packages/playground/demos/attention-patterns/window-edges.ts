import type { Settings } from './settings.js';

/** A place in the matrix of queries and keys. */
export interface Place {
  readonly query: number;
  readonly key: number;
}

export type Edge = 'left' | 'right';

/** The edge of the window that is nearest to a place in its row, within `reach` keys; a causal window has only the left. */
export function edgeNear({ left, right, causal }: Settings, { query, key }: Place, reach: number): Edge | null {
  const toLeft = Math.abs(key - (query - left));
  const toRight = causal ? Infinity : Math.abs(key - (query + right));
  if (Math.min(toLeft, toRight) > reach) return null;
  const isLeft = toLeft < toRight || (toLeft === toRight && key < query);
  return isLeft ? 'left' : 'right';
}

/** The same settings with an edge at a place. */
export function withEdgeAt(settings: Settings, edge: Edge, { query, key }: Place): Settings {
  const keys = edge === 'left' ? query - key : key - query;
  return { ...settings, [edge]: Math.min(Math.max(Math.round(keys), 0), settings.tokens - 1) };
}
