// CommonJS because karma.conf.js is.
const fs = require('node:fs');
const path = require('node:path');

/** What Karma and the tests of packed packages can run here: per runner a binary, or why there is none. */
const browsers = {
  chromium: {
    launcher: 'ChromiumWebgpu',
    binary: find(process.env.CHROME_BIN, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'),
    missing: 'no Chromium (apt-get install chromium, or set CHROME_BIN)',
  },
  firefox: {
    launcher: find('Xvfb') ? 'FirefoxInXvfb' : 'FirefoxWebgpu', // WebGL wants a screen
    binary: find(process.env.FIREFOX_BIN, 'firefox-esr', 'firefox'),
    missing: 'no Firefox (apt-get install firefox-esr mesa-vulkan-drivers libvulkan1 xvfb, or set FIREFOX_BIN)',
  },
  webkit: {
    launcher: 'WebKit',
    binary: find('Xvfb') && find(process.env.WEBKIT_BIN, ...miniBrowsers()),
    missing: 'no WebKitGTK MiniBrowser (apt-get install webkit2gtk-driver xvfb, or set WEBKIT_BIN)',
  },
};

// WebGPU on SwiftShader, which Chromium brings along; the port keeps two Chromiums out of each other's way.
const chromiumFlags = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--remote-debugging-port=0',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

function find(...candidates) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  for (const candidate of candidates) {
    if (!candidate) continue;
    const places = path.isAbsolute(candidate) ? [candidate] : folders.map((folder) => path.join(folder, candidate));
    const found = places.find((place) => fs.existsSync(place));
    if (found) return found;
  }
}

/** /usr/lib/<architecture>/webkit2gtk-4.<n>/MiniBrowser */
function miniBrowsers() {
  return list('/usr/lib').flatMap((folder) =>
    list(folder)
      .filter((name) => path.basename(name).startsWith('webkit2gtk-'))
      .map((name) => path.join(name, 'MiniBrowser')),
  );
}

function list(folder) {
  try {
    return fs.readdirSync(folder).map((name) => path.join(folder, name));
  } catch {
    return []; // not a folder, or not readable
  }
}

module.exports = { browsers, chromiumFlags };
