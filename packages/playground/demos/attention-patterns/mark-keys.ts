import type { DrawnPattern } from './mask-pattern.js';

/**
 * Marks the keys that a query sees. The page has this instead of the library, which brings TensorFlow.js with it; a spec
 * holds one against the other.
 *
 * @param query which of as many queries as there are keys
 * @param end   keys from here on are not marked
 * @param row   uint8 `[keys]`
 */
export function markKeys(pattern: DrawnPattern, query: number, row: Uint8Array, end = row.length): void {
  switch (pattern.kind) {
    case 'slidingWindow': {
      const { left, right = 0, dilation = 1 } = pattern;
      const first = query - left + (left % dilation);
      const past = Math.min(end, query + right + 1);
      if (dilation === 1) row.fill(1, Math.max(0, first), Math.max(0, past));
      else for (let key = first; key < past; key += dilation) if (key >= 0) row[key] = 1;
      return;
    }
    case 'sinkTokens':
      row.fill(1, 0, Math.min(pattern.count, end));
      return;
    case 'verticalStripes':
      for (const key of pattern.columns) if (key < end) row[key] = 1;
      return;
    case 'strided':
      for (let key = query % pattern.stride; key < end; key += pattern.stride) row[key] = 1;
      return;
    case 'blockLists': {
      const { blockSize, lists } = pattern;
      for (const column of lists[Math.floor(query / blockSize)]) {
        row.fill(1, Math.min(column * blockSize, end), Math.min((column + 1) * blockSize, end));
      }
      return;
    }
    case 'maskUnion':
      for (const mask of pattern.masks) markKeys(mask, query, row, end);
      return;
    case 'causalMask':
      markKeys(pattern.mask, query, row, Math.min(end, query + 1));
  }
}
