import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { wasmFolder } from '../command/wasm-folder.js';
import { contentPolicy } from './content-policy.js';
import { goldenFolder, modelsFolder, packsJson } from './goldens.js';
import { inputFiles, type DemoInput } from './input-files.js';
import { findFile, readServed, type Served } from './served-files.js';

export interface ServerOptions {
  /** Folder of the built pages. */
  readonly pages: string;
  /** What the pages show first, in place of samples. */
  readonly inputs: readonly DemoInput[];
  /** Folders of packs, by their names below /packs/. */
  readonly packs: Readonly<Record<string, string>>;
  /** null: the first free one from 8080 up. */
  readonly port: number | null;
  /** Address to listen on; default that of this machine alone. */
  readonly host?: string;
}

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

const thisMachine = '127.0.0.1';
const firstPort = 8080;

/** Serves the pages, the packs, the goldens and tfjs' wasm files to browsers, on this machine unless `host` says more. */
export async function startServer({
  pages,
  inputs,
  packs,
  port,
  host = thisMachine,
}: ServerOptions): Promise<RunningServer> {
  const files = inputFiles(inputs);
  files.set('/packs.json', { type: 'application/json', contents: packsJson() });
  const start = readServed(join(pages, 'index.html'));
  if (!start) throw new Error(`start: the pages must be built (npm run build), got no index.html in ${pages}`);
  files.set('/', start);
  const folders = {
    ...Object.fromEntries(Object.entries(packs).map(([name, folder]) => [`/packs/${name}/`, folder])),
    '/wasm/': wasmFolder,
    '/conformance/packs/': modelsFolder, // those of packs.json, whatever packs the demos show
    '/conformance/': goldenFolder,
    '/packs/': modelsFolder, // a folder of `packs` goes before
    '/': pages,
  };
  const server = createServer((request, response) => {
    const [address, query = ''] = (request.url ?? '/').split('?');
    const path = isAddressed(request, host) ? address : null;
    const found = path === null ? null : (files.get(path) ?? findFile(folders, path));
    respond(response, { isHead: request.method === 'HEAD', query, found });
  });
  if (port !== null) await listen(server, port, host);
  else await listenFrom(server, firstPort, host);
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Isolation gives tfjs its threads. */
const fixedHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-cache',
};

interface Answer {
  readonly isHead: boolean;
  readonly query: string;
  readonly found: Served | null;
}

function respond(response: ServerResponse, { isHead, query, found }: Answer): void {
  const headers = { ...fixedHeaders, 'Content-Security-Policy': contentPolicy(query) };
  if (found)
    response.writeHead(200, { ...headers, 'Content-Type': found.type, 'Content-Length': found.contents.length });
  else response.writeHead(404, { ...headers, 'Content-Type': 'text/plain' });
  response.end(isHead ? undefined : (found?.contents ?? 'Not found\n'));
}

/** Throws where the port is taken. */
export async function requireFreePort(port: number, host = thisMachine): Promise<void> {
  const server = createServer();
  await listen(server, port, host);
  server.close();
  await once(server, 'close');
}

/** Refuses names of other hosts, under which a web site could reach this server; addresses are no names. */
function isAddressed({ headers }: IncomingMessage, host: string): boolean {
  const name = (headers.host ?? '').replace(/:\d+$/, '');
  if (name === thisMachine || name === 'localhost' || name === host) return true;
  return host !== thisMachine && /^(\d{1,3}(\.\d{1,3}){3}|\[[\da-f:]+\])$/i.test(name);
}

async function listenFrom(server: Server, port: number, host: string): Promise<void> {
  try {
    await listen(server, port, host);
  } catch (error) {
    if (!isTaken(error) || port === 65535) throw error;
    await listenFrom(server, port + 1, host);
  }
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const problem = listenProblem(code, port, host);
    throw problem === null ? error : Object.assign(new RangeError(problem, { cause: error }), { code });
  }
}

/** What is wrong with the port or the address, by the system's code; null where it is something else. */
function listenProblem(code: string, port: number, host: string): string | null {
  if (code === 'EADDRINUSE') return `start: --port must be free, got ${port}`;
  if (code === 'EACCES') return `start: --port must be one that you may open (1024 and above), got ${port}`;
  if (!['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL', 'EAFNOSUPPORT'].includes(code)) return null;
  return `start: --host must be an address of this machine (0.0.0.0 is all of them), got ${host}`;
}

function isTaken(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
