import type * as fs from 'node:fs';
import type * as path from 'node:path';
import type * as url from 'node:url';
import { kindOf, requireType } from '@tfjs-sparse/core';

/** A folder of files: on a server, or on disk in Node. */
export interface PackFolder {
  /** Where a file of the folder is, for messages. */
  locationOf(path: string): string;
  /** The contents of a file, piece by piece. @throws an Error that says what is missing */
  read(path: string, signal?: AbortSignal): AsyncIterable<Uint8Array>;
}

/** @param source http(s) or file URL of a folder, a URL relative to the page, or (in Node) a path */
export function openFolder(source: string | URL, fetchFile: typeof fetch): PackFolder {
  const rule = 'source must be the http(s) URL of a folder, or in Node a path or file URL';
  requireType(typeof source === 'string' || source instanceof URL, 'loadPack', rule, kindOf(source));
  const url = urlOf(source);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return remoteFolder(url, fetchFile);
  const node = nodeModules();
  if (node && (!url || url.protocol === 'file:')) {
    return diskFolder(url ? node.url.fileURLToPath(url) : String(source), node);
  }
  throw new RangeError(`loadPack: ${rule}, got ${String(source)}`);
}

function remoteFolder(url: URL, fetchFile: typeof fetch): PackFolder {
  const base = new URL(url);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  const locationOf = (path: string) => {
    const location = new URL(path, base);
    location.search = base.search; // such as a token that every file needs
    return location.href;
  };
  return {
    locationOf,
    async *read(path, signal) {
      const response = await fetchFile(locationOf(path), { signal, cache: 'no-cache' }); // a stale file would not fit its manifest
      if (!response.ok) {
        await response.body?.cancel();
        throw new Error(
          `loadPack: ${path} must exist (check the URL and the upload of the pack), got HTTP ${response.status} for ${locationOf(path)}`,
        );
      }
      const reader = response.body?.getReader();
      if (!reader) return;
      try {
        for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
      } finally {
        await reader.cancel().catch(() => {}); // a body that failed cannot be cancelled any more
      }
    },
  };
}

function diskFolder(folder: string, node: NodeModules): PackFolder {
  const locationOf = (path: string) => node.path.join(folder, path);
  return {
    locationOf,
    async *read(path, signal) {
      try {
        yield* node.fs.createReadStream(locationOf(path), { signal }) as AsyncIterable<Uint8Array>;
      } catch (error) {
        if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error;
        throw new Error(
          `loadPack: ${path} must exist (check the folder of the pack), got no file ${locationOf(path)}`,
          { cause: error },
        );
      }
    },
  };
}

function urlOf(source: string | URL): URL | null {
  if (source instanceof URL) return source;
  const hasScheme = /^[A-Za-z][A-Za-z0-9+.-]+:/.test(source); // two letters or more: C:\ is a path
  if (hasScheme) return new URL(source);
  const page = globalThis.document?.baseURI ?? globalThis.location?.href;
  return page ? new URL(source, page) : null;
}

interface NodeModules {
  readonly fs: typeof fs;
  readonly path: typeof path;
  readonly url: typeof url;
}

/** Node's modules without an import, which browsers and bundlers would try to resolve. */
function nodeModules(): NodeModules | null {
  const load = globalThis.process?.getBuiltinModule;
  return load ? { fs: load('node:fs'), path: load('node:path'), url: load('node:url') } : null;
}
