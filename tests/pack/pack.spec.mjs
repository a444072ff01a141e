import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync, spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import browsersModule from '../../scripts/browsers.cjs';
import { packWorkspaces, publishedWorkspaces, root } from '../../scripts/workspaces.mjs';
import { bundle, inputsOf, writePage } from './bundles.mjs';
import { convertCommands, runCommand, writeConvertedFiles } from './convert-commands.mjs';
import { leadsSomewhere } from './leads-somewhere.mjs';
import { resultOfPage } from './page.mjs';
import { pageExamples, readmeExamples, runExample } from './readme-examples.mjs';

const packages = publishedWorkspaces().map(({ manifest }) => manifest);
const forPages = packages.filter(({ unpkg }) => unpkg);

/** The files that an entry of `exports` leads to: itself, or those that a pattern with * matches. */
function matching(files, entry) {
  const [before, after] = path.normalize(entry).split('*');
  return files.filter((file) =>
    after === undefined ? file === before : file.startsWith(before) && file.endsWith(after),
  );
}

// The packages as npm would install them, in a project outside of the monorepo.
describe('packed packages', () => {
  const project = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'tfjs-sparse-pack-')));
  const fixture = path.join(project, 'fixture.mjs');

  beforeAll(() => {
    const names = packages.map(({ name }) => `--workspace=${name}`);
    const packed = npm(root, 'pack', ...names, '--pack-destination', project, '--json', '--ignore-scripts');
    const files = fs.readdirSync(project).filter((file) => file.endsWith('.tgz'));
    expect(files.length).withContext(packed).toBe(packages.length);
    fs.writeFileSync(path.join(project, 'package.json'), '{"private": true}');
    // TensorFlow.js, a peer, is linked from the monorepo instead of downloaded, in place of the backend that came as a dependency.
    const flags = ['--prefer-offline', '--legacy-peer-deps', '--no-audit', '--no-fund', '--ignore-scripts'];
    npm(project, 'install', ...flags, ...files.map((file) => `./${file}`));
    const tensorflow = path.join(project, 'node_modules/@tensorflow');
    fs.rmSync(tensorflow, { recursive: true, force: true });
    fs.symlinkSync(path.join(root, 'node_modules/@tensorflow'), tensorflow);
    fs.copyFileSync(path.join(root, 'tests/pack/fixture.mjs'), fixture);
  });

  afterAll(() => fs.rmSync(project, { recursive: true, force: true, maxRetries: 3 }));

  it('hold all that their manifests lead to, no specs and no AssemblyScript', () => {
    for (const { name, types, unpkg, exports } of packages) {
      const files = fs.readdirSync(folderOf(name), { recursive: true });
      expect(files.filter((file) => /\.spec\.|\.as\.ts$|\.tsbuildinfo$/.test(file))).toEqual([]);
      const entries = Object.values(exports).flatMap((entry) =>
        typeof entry === 'string' ? entry : Object.values(entry),
      );
      for (const file of [types, unpkg, ...entries, './README.md'].filter(Boolean)) {
        expect(matching(files, file).length)
          .withContext(`${name}: ${file} (npm run build makes it)`)
          .toBeGreaterThan(0);
      }
    }
  });

  it('have maps of all that is compiled, each with the text of its sources', () => {
    for (const { name } of packages) {
      const folder = path.join(folderOf(name), 'dist');
      const files = fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true }) : [];
      expect(files.filter((file) => !leadsSomewhere(path.join(folder, file))))
        .withContext(name)
        .toEqual([]);
    }
  });

  it('have maps that lead from the CDN files to TypeScript and hold its text', () => {
    for (const { name } of forPages) {
      const { sources, sourcesContent } = mapOf(name, 'index.js.map');
      expect(sources.filter((source) => !/^\.\.\/src\/.*\.ts$/.test(source))).toEqual([]);
      expect(sourcesContent.filter((text) => !text)).toEqual([]);
    }
  });

  // Code of others would need its licence in the package; dependencies stay imports, and TensorFlow.js the page's `tf`.
  it('have CDN files of which every line is ours', () => {
    const isOurs = (source) => /^(\.\.\/)+([a-z-]+\/)*src\/.*\.ts$/.test(source);
    const entryOfScript = ['<stdin>', 'tf:@tensorflow/tfjs-core', 'tf:@tensorflow/tfjs-layers'];
    for (const { name } of forPages) {
      const scripts = fs.readdirSync(path.join(folderOf(name), 'bundle')).filter((file) => file.endsWith('.js'));
      for (const script of scripts) {
        const foreign = mapOf(name, `${script}.map`).sources.filter((source) => !isOurs(source));
        expect(foreign)
          .withContext(`${name}: ${script}`)
          .toEqual(script === 'tfjs-sparse.min.js' ? jasmine.arrayWithExactContents(entryOfScript) : []);
      }
    }
  });

  it('can be imported in Node, every entry', async () => {
    const scripts = packages.flatMap(({ name, exports }) =>
      Object.entries(exports).flatMap(([entry, { default: script }]) => {
        if (!script) return []; // a manifest of a pack
        const files = matching(fs.readdirSync(folderOf(name), { recursive: true }), script);
        const [before, after] = path.normalize(script).split('*');
        return files.map((file) => {
          const part = file.slice(before.length, file.length - (after?.length ?? 0)); // what stands for the *
          return name + entry.slice(1).replace('*', part);
        });
      }),
    );
    const script = path.join(project, 'entries.mjs');
    fs.writeFileSync(script, scripts.map((entry) => `import '${entry}';`).join('\n'));
    await expectAsync(import(pathToFileURL(script).href)).toBeResolved();
  });

  it('hold the packs, which open with the plugins that they name', async () => {
    const script = path.join(project, 'packs.mjs');
    fs.writeFileSync(
      script,
      "export { loadPack } from '@tfjs-sparse/packs';\nexport const load = (id) => import(id);\n",
    );
    const { loadPack, load } = await import(pathToFileURL(script).href);
    for (const { manifest } of packWorkspaces()) {
      const folder = folderOf(manifest.name);
      for (const place of [folder, ...packFoldersIn(folder)]) {
        const { plugins } = JSON.parse(fs.readFileSync(path.join(place, 'manifest.json'), 'utf8'));
        for (const plugin of plugins) await load(`${plugin}/layers`);
        const pack = await loadPack(place);
        expect(pack.model.layers.length).withContext(place).toBeGreaterThan(0);
        pack.dispose();
      }
    }
  });

  describe('run the example of', () => {
    for (const example of readmeExamples()) it(example.name, () => runExample(project, example), 60_000);
  });

  it('convert and verify models by the commands of the README', () => {
    writeConvertedFiles(project);
    for (const command of convertCommands()) {
      const { status, stdout, stderr } = runCommand(project, command);
      expect(status)
        .withContext(command + stderr + stdout)
        .toBe(0);
      expect(stdout).toMatch(/operations run on kernels of tfjs-sparse|layers are of tfjs-sparse|largest error/);
    }
  }, 120_000);

  it('run in Node', async () => {
    const { run, expected } = await import(pathToFileURL(fixture).href);
    expect(await run()).toEqual(expected);
  });

  it('run through a bundler', async () => {
    const outfile = path.join(project, 'bundled.cjs');
    await bundle({ entryPoints: [fixture], outfile, platform: 'node', mainFields: ['module', 'main'], format: 'cjs' });
    const { run, expected } = await import(pathToFileURL(outfile).href);
    expect(await run()).toEqual(expected);
  });

  it('leave out of a bundle what is not used', async () => {
    const used = await inputsOf(project, "import '@tfjs-sparse/sparse-conv';");
    expect(used.some((file) => file.includes('sparse-conv/dist/register'))).toBe(true);
    expect(used.filter((file) => /tfjs-layers|tfjs-converter|@tfjs-sparse\/(layers|packs)/.test(file))).toEqual([]);
    const unused = await inputsOf(project, "import { readSafetensors } from '@tfjs-sparse/core'; readSafetensors;");
    expect(unused.filter((file) => file.includes('wasm-binaries'))).toEqual([]);
  });

  it('run in a page with an import map', async () => {
    if (!browsersModule.browsers.chromium.binary) pending(browsersModule.browsers.chromium.missing);
    await writePage(project, forPages);
    expect(await resultOfPage(project)).toEqual({ isRight: true });
  });

  describe('run the page of', () => {
    for (const { name, code } of pageExamples()) {
      it(name, async () => {
        if (!browsersModule.browsers.chromium.binary) pending(browsersModule.browsers.chromium.missing);
        const cdn = /https:\/\/cdn\.jsdelivr\.net\/npm\/(@tensorflow\/[a-z-]+)@[\d.]+/g;
        fs.writeFileSync(path.join(project, 'page.html'), printing + code.replaceAll(cdn, '/node_modules/$1'));
        const [, expected] = /console\.log\(.*\); \/\/ (.*)/.exec(code);
        expect(await resultOfPage(project)).toEqual({ printed: expected });
      });
    }
  });

  it('hold the licence', () => {
    const licence = fs.readFileSync(path.join(root, 'LICENSE'), 'utf8');
    for (const { name } of packages) {
      expect(fs.readFileSync(path.join(folderOf(name), 'LICENSE'), 'utf8'))
        .withContext(name)
        .toBe(licence);
    }
  });

  it('have types that hold without skipLibCheck', () => {
    const entries = packages.flatMap(({ name, exports }) =>
      Object.entries(exports).flatMap(([entry, { types }]) =>
        types && !entry.includes('*') ? [name + entry.slice(1)] : [],
      ),
    );
    const exported = entries.map((entry, i) => `export * as entry${i} from '${entry}';`);
    fs.writeFileSync(path.join(project, 'types.ts'), exported.join('\n'));
    const options = [
      '--noEmit',
      '--skipLibCheck',
      'false',
      '--strict',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--listFiles',
    ];
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, ...options, 'types.ts'], { cwd: project, encoding: 'utf8' });
    const lines = stdout.split('\n');
    expect(lines.filter((line) => /error TS\d/.test(line) && /@tfjs-sparse|^types\.ts/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.includes('tfjs-backend-webgpu'))).toEqual([]); // an optional peer
  }, 60_000);

  it('have types that resolve as their code does (are the types wrong?)', async () => {
    const { checkPackage, createPackageFromTarballData } = await import('@arethetypeswrong/core');
    for (const file of fs.readdirSync(project).filter((name) => name.endsWith('.tgz'))) {
      const tarball = createPackageFromTarballData(new Uint8Array(fs.readFileSync(path.join(project, file))));
      const { problems = [] } = await checkPackage(tarball);
      // Packages are ES modules alone: require() of Node before 20.19 and TypeScript's node10 are out of scope.
      const ofModules = problems.filter(({ kind, resolutionKind }) => {
        return kind !== 'CJSResolvesToESM' && resolutionKind !== 'node10' && resolutionKind !== 'node16-cjs';
      });
      expect(ofModules.map((problem) => `${problem.kind} ${problem.entrypoint ?? ''}`))
        .withContext(file)
        .toEqual([]);
    }
  }, 120_000);

  it('satisfy publint', async () => {
    const { publint } = await import('publint');
    for (const { name } of packages) {
      const { messages } = await publint({ pkgDir: folderOf(name), pack: false, strict: true });
      expect(messages.map(({ code, path: where }) => `${code} ${where.join('.')}`))
        .withContext(name)
        .toEqual([]);
    }
  }, 60_000);

  function mapOf(name, file) {
    return JSON.parse(fs.readFileSync(path.join(folderOf(name), 'bundle', file), 'utf8'));
  }

  function folderOf(name) {
    return path.join(project, 'node_modules', name);
  }
});

/** What a page prints first goes to /result. */
const printing = `<!doctype html>
<script>
  const post = (result) => fetch('/result', { method: 'POST', body: JSON.stringify(result) });
  console.log = (text) => post({ printed: text });
  addEventListener('error', (event) => post({ error: event.message ?? 'a script did not load' }), true);
  addEventListener('unhandledrejection', (event) => post({ error: String(event.reason) }));
</script>
`;

/** Folders of packs beside the one that the package itself is. */
function packFoldersIn(folder) {
  const inner = fs.readdirSync(folder).map((name) => path.join(folder, name));
  return inner.filter((each) => fs.existsSync(path.join(each, 'manifest.json')));
}

function npm(cwd, ...args) {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
