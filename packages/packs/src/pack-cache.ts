import type { PackFile } from './manifest.js';

/** Where verified files are kept; browsers' Cache API fits. */
export type PackCache = Pick<Cache, 'match' | 'put'>;

/** Name of the Cache in `caches`; `caches.delete(packCacheName)` frees it. */
export const packCacheName = 'tfjs-sparse-packs';

/** The browser's cache, or null where there is none (Node, insecure pages, private windows). */
export async function browserCache(): Promise<PackCache | null> {
  try {
    return (await globalThis.caches?.open(packCacheName)) ?? null;
  } catch {
    return null; // a cache that cannot be opened only costs the next download
  }
}

/** The cached contents of a file, unverified, or null. */
export async function readCached(cache: PackCache, file: PackFile): Promise<ArrayBuffer | null> {
  try {
    return (await (await cache.match(keyOf(file)))?.arrayBuffer()) ?? null;
  } catch {
    return null;
  }
}

export async function writeCached(cache: PackCache, file: PackFile, contents: ArrayBuffer): Promise<void> {
  try {
    await cache.put(keyOf(file), new Response(contents));
  } catch {
    // A full cache only costs the next download.
  }
}

/** Contents are their own name: the same file of two packs is kept once, a changed one never met. */
function keyOf({ sha256 }: PackFile): string {
  return `https://tfjs-sparse.invalid/sha256/${sha256}`;
}
