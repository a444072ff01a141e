#!/usr/bin/env node
// in-xvfb.cjs <arguments>: the browser that XVFB_BROWSER names, on an X server of its own; both end with this process.
// (xvfb-run leaves them running, and they then connect to the next Karma on the same port.)
const { spawn } = require('node:child_process');

const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'], {
  stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
});
let browser;

server.stdio[3].once('data', (display) => {
  browser = spawn(process.env.XVFB_BROWSER, process.argv.slice(2), {
    stdio: 'ignore',
    env: {
      ...process.env,
      DISPLAY: `:${String(display).trim()}`,
      GDK_BACKEND: 'x11',
      JSC_useSharedArrayBuffer: '1',
      NO_AT_BRIDGE: '1',
      WEBKIT_DISABLE_DMABUF_RENDERER: '1',
    },
  });
  browser.on('exit', stop);
});

function stop() {
  browser?.kill('SIGKILL');
  server.kill('SIGTERM');
  process.exit(0);
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, stop);
const parent = process.ppid;
setInterval(() => process.ppid !== parent && stop(), 1000);
