// npx karma start runs build/karma/ (made by scripts/bundle-tests.mjs) in one browser:
// KARMA_BROWSER=chromium (default), firefox or webkit. COUNTS=<file> gets {passed, failed, skipped} as JSON.
const fs = require('node:fs');
const path = require('node:path');
const { browsers, chromiumFlags } = require('./scripts/browsers.cjs');

const name = process.env.KARMA_BROWSER ?? 'chromium';
const { launcher, binary, missing } = browsers[name];
if (!binary) throw new Error(missing);
if (name === 'chromium') process.env.CHROME_BIN = binary;
if (name === 'firefox') process.env.FIREFOX_BIN = binary;
process.env.XVFB_BROWSER = binary;
const inXvfb = path.join(__dirname, 'scripts/in-xvfb.cjs');
const firefoxPrefs = {
  'dom.webgpu.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
  'webgl.force-enabled': true, // on Mesa's rasterizer, which Firefox would block
};
// Firefox takes any Vulkan driver; Chromium can hang when this is set.
const lavapipe = '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json';
if (name === 'firefox' && fs.existsSync(lavapipe)) process.env.VK_DRIVER_FILES ??= lavapipe;

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

module.exports = (config) =>
  config.set({
    basePath: __dirname,
    frameworks: ['jasmine'],
    plugins: [
      'karma-jasmine',
      'karma-chrome-launcher',
      'karma-firefox-launcher',
      { 'launcher:WebKit': ['type', WebKit], 'reporter:counts': ['type', Counts] },
    ],
    files: [
      { pattern: 'build/karma/main/*.js', type: 'module' },
      ...[
        'build/karma/chunks/*.js',
        'build/karma/**/*.map',
        'conformance/{golden,expectations}/**',
        'models/*/{*,*/*}.{json,bin,safetensors}',
        'packages/playground/build/pages/*.js',
      ].map(served),
      served('node_modules/@tensorflow/tfjs-backend-wasm/dist/*.wasm'),
    ],
    proxies: {
      '/wasm/': '/base/node_modules/@tensorflow/tfjs-backend-wasm/dist/',
      '/conformance/': '/base/conformance/',
      '/models/': '/base/models/',
      // The demos' workers find wasm and packs beside them, as npm start serves them.
      '/pages/': '/base/packages/playground/build/pages/',
      '/pages/wasm/': '/base/node_modules/@tensorflow/tfjs-backend-wasm/dist/',
      '/pages/packs/': '/base/models/',
    },
    mime: { 'application/wasm': ['wasm'] },
    customHeaders: Object.entries(isolation).map(([header, value]) => ({ match: '.*', name: header, value })),
    client: {
      // Read by tests/setup-browser.mjs and conformance/karma.ts as __karma__.config.
      backends: name === 'webkit' ? ['cpu', 'wasm', 'webgl'] : ['cpu', 'wasm', 'webgl', 'webgpu'],
      browser: name,
      isRequired: (process.env.REQUIRE_BROWSERS ?? '').split(',').includes(name),
      clearContext: false,
      jasmine: { random: false, timeoutInterval: 120_000 },
    },
    browsers: [launcher],
    customLaunchers: {
      ChromiumWebgpu: { base: 'ChromeHeadless', flags: chromiumFlags },
      FirefoxWebgpu: {
        base: 'FirefoxHeadless',
        prefs: firefoxPrefs,
      },
      FirefoxInXvfb: { base: 'Firefox', command: inXvfb, prefs: firefoxPrefs },
    },
    reporters: ['dots', 'counts'],
    browserConsoleLogOptions: { level: 'warn', terminal: true, format: '%b %T: %m' },
    hostname: '127.0.0.1',
    concurrency: 1,
    singleRun: true,
    autoWatch: false,
    captureTimeout: 60_000,
    browserNoActivityTimeout: 180_000,
  });

function served(pattern) {
  return { pattern, included: false, watched: false };
}

function WebKit(baseBrowserDecorator) {
  baseBrowserDecorator(this);
  this.name = 'WebKit';
  this.ENV_CMD = 'NODE_FOR_WEBKIT';
  this.DEFAULT_CMD = { linux: process.execPath };
  this._getOptions = (url) => [inXvfb, '--private', url];
}
WebKit.$inject = ['baseBrowserDecorator'];

function Counts(baseReporterDecorator) {
  baseReporterDecorator(this);
  this.onRunComplete = (_, { success: passed, failed, skipped }) => {
    if (process.env.COUNTS) fs.writeFileSync(process.env.COUNTS, JSON.stringify({ passed, failed, skipped }));
  };
}
Counts.$inject = ['baseReporterDecorator'];
