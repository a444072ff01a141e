import http from 'node:http';
import fs from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import browsersModule from '../../scripts/browsers.cjs';

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};
const limitMilliseconds = 30_000;

/** Opens page.html of `folder` in headless Chromium and resolves with what the page posts to /result. */
export async function resultOfPage(folder) {
  let receive;
  const result = new Promise((resolve, reject) => {
    receive = resolve;
    setTimeout(() => reject(new Error('the page posted no result')), limitMilliseconds).unref();
  });
  const server = http.createServer((request, response) => answer(folder, request, response, receive));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { browsers, chromiumFlags } = browsersModule;
  const profile = path.join(folder, 'profile');
  const url = `http://127.0.0.1:${server.address().port}/page.html`;
  const flags = ['--headless', ...chromiumFlags, `--user-data-dir=${profile}`, url];
  const browser = spawn(browsers.chromium.binary, flags, { stdio: 'ignore' });
  const ended = new Promise((resolve) => browser.on('exit', resolve));
  try {
    return await result;
  } finally {
    browser.kill();
    await ended;
    server.close();
  }
}

function answer(folder, request, response, receive) {
  if (request.method === 'POST') {
    let text = '';
    request.on('data', (part) => (text += part)).on('end', () => receive(JSON.parse(text)));
    return response.end();
  }
  const file = path.join(folder, decodeURI(request.url));
  if (!file.startsWith(folder) || !fs.existsSync(file)) return response.writeHead(404).end();
  response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream');
  fs.createReadStream(file).pipe(response);
}
