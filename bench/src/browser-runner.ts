import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join, normalize } from 'node:path';
import { build } from 'esbuild';
import type { BenchRow } from './bench.js';
import { repository } from './node-context.js';

const require = createRequire(import.meta.url);

interface BrowserList {
  readonly browsers: Readonly<Record<string, { readonly binary?: string; readonly missing: string }>>;
  readonly chromiumFlags: readonly string[];
}

/** What the page posts: a row, an error, or that all is done. */
type Message = { readonly row: BenchRow } | { readonly error: string } | { readonly done: true };

/** Runs the cases in a browser without a screen, on a page served from this process. */
export async function* runInBrowser(
  browser: string,
  name: string,
  glob: string,
  data: string,
): AsyncGenerator<BenchRow> {
  const { browsers, chromiumFlags } = require(join(repository, 'scripts/browsers.cjs')) as BrowserList;
  const names = Object.keys(browsers);
  if (!names.includes(browser)) throw new RangeError(`bench: --browser must be ${names.join(', ')}, got ${browser}`);
  const { binary, missing } = browsers[browser];
  if (!binary) throw new Error(`bench: --browser must be installed here, got ${missing}`);
  const messages: Message[] = [];
  const server = createServer(await respondWith(data, messages)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/?${new URLSearchParams({ name, glob }).toString()}`;
  const profile = mkdtempSync(join(tmpdir(), 'tfjs-sparse-bench-'));
  const inXvfb = join(repository, 'scripts/in-xvfb.cjs'); // MiniBrowser has no headless mode
  const [program, ...flags] =
    browser === 'webkit'
      ? [process.execPath, inXvfb, '--private']
      : browser === 'firefox'
        ? [binary, '--headless', '--no-remote', '--profile', profile]
        : [binary, '--headless', ...chromiumFlags, `--user-data-dir=${profile}`];
  const child = spawn(program, [...flags, url], { stdio: 'ignore', env: { ...process.env, XVFB_BROWSER: binary } });
  try {
    for (;;) {
      const message = messages.shift();
      if (!message) await new Promise((resolve) => setTimeout(resolve, 50));
      else if ('row' in message) yield message.row;
      else if ('error' in message) throw new Error(message.error);
      else return;
      if (child.exitCode !== null)
        throw new Error(`bench: ${browser} must keep running, got exit code ${child.exitCode}`);
    }
  } finally {
    server.close();
    server.closeAllConnections();
    if (child.exitCode === null) {
      child.kill();
      await once(child, 'exit');
    }
    await rm(profile, { recursive: true, force: true, maxRetries: 20 }); // its processes end one by one
  }
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

type Responder = (request: IncomingMessage, response: ServerResponse) => void;

async function respondWith(data: string, messages: Message[]): Promise<Responder> {
  const { outputFiles } = await build({
    entryPoints: [join(repository, 'bench/dist/page.js')],
    bundle: true,
    format: 'esm',
    write: false,
    external: ['onnxruntime-web'],
    logLevel: 'error',
  });
  const imports = JSON.stringify({ imports: { 'onnxruntime-web': '/onnxruntime/ort.wasm.min.mjs' } });
  const page =
    `<!doctype html><script type="importmap">${imports}</script>` + '<script type="module" src="/page.js"></script>';
  const folders: Readonly<Record<string, string>> = {
    '/data/': data,
    '/litert/': join(repository, 'node_modules/@litertjs/core/wasm'),
    '/models/': join(repository, 'models'),
    '/onnxruntime/': join(repository, 'node_modules/onnxruntime-web/dist'),
    '/wasm/': dirname(require.resolve('@tensorflow/tfjs-backend-wasm')),
  };
  return (request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    if (request.method === 'POST') {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        messages.push(JSON.parse(text) as Message);
        response.end();
      });
    } else if (pathname === '/') response.setHeader('Content-Type', 'text/html').end(page);
    else if (pathname === '/page.js') {
      response.setHeader('Content-Type', 'text/javascript').end(Buffer.from(outputFiles[0].contents));
    } else {
      const prefix = Object.keys(folders).find((start) => pathname.startsWith(start));
      const file = prefix && join(folders[prefix], normalize(`/${pathname.slice(prefix.length)}`));
      if (!file || !existsSync(file)) return void response.writeHead(404).end();
      const type = types[extname(file)];
      if (type) response.setHeader('Content-Type', type);
      response.end(readFileSync(file));
    }
  };
}
