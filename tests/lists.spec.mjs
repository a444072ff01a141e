// What a workspace's manifest decides must be so everywhere that lists workspaces by hand, and text must name them all.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { packWorkspaces, publishedWorkspaces, root, workspaces } from '../scripts/workspaces.mjs';

const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');

describe('every workspace', () => {
  it('is compiled: tsconfig.json refers to each of its projects', () => {
    const folders = workspaces().flatMap(({ directory }) => [directory, ...foldersIn(directory)]);
    const projects = folders.filter((folder) => fs.existsSync(path.join(root, folder, 'tsconfig.json')));
    const referred = JSON.parse(read('tsconfig.json')).references.map((reference) => reference.path);
    expect(referred.sort()).toEqual(projects.sort());
  });

  it('refers to the projects of what it depends on', () => {
    const directories = new Map(workspaces().map(({ directory, manifest }) => [manifest.name, directory]));
    for (const { directory, manifest } of workspaces()) {
      const { references = [] } = JSON.parse(read(`${directory}/tsconfig.json`));
      const referred = references.map((reference) => path.join(directory, reference.path));
      const needed = Object.keys(manifest.dependencies ?? {}).flatMap((name) => directories.get(name) ?? []);
      expect(needed.filter((other) => !referred.includes(other)))
        .withContext(directory)
        .toEqual([]);
    }
  });

  it('is in the tree of CONTRIBUTING.md', () => {
    const tree = /## The tree\s+```\n([\s\S]*?)```/.exec(read('CONTRIBUTING.md'))[1];
    const named = tree.split('\n').map((line) => line.split(/\s{2,}/)[0]);
    for (const { directory } of workspaces()) {
      const isNamed = named.includes(directory) || named.includes(directory.replace(/^models\/.*/, 'models/<pack>'));
      expect(isNamed).withContext(directory).toBe(true);
    }
  });
});

describe('every published workspace', () => {
  it('is in the table of packages of README.md, with its README', () => {
    const rows = [...read('README.md').matchAll(/^\| \[`(.+?)`\]\((.+?)\) \| .+ \|$/gm)];
    const expected = publishedWorkspaces().map(({ directory, manifest }) => [manifest.name, `${directory}/README.md`]);
    expect(rows.map(([, name, file]) => [name, file]).sort()).toEqual(expected.sort());
    for (const [, file] of expected)
      expect(fs.existsSync(path.join(root, file)))
        .withContext(file)
        .toBe(true);
  });

  it('has CDN files when it is a package or a plugin', () => {
    for (const { directory, manifest } of publishedWorkspaces().filter(({ directory }) =>
      /^(packages|plugins)/.test(directory),
    )) {
      const { unpkg, jsdelivr, files } = manifest;
      expect([unpkg, jsdelivr, files.includes('bundle')])
        .withContext(directory)
        .toEqual(['./bundle/index.js', './bundle/index.js', true]);
    }
  });
});

describe('every plugin', () => {
  it('is imported by plugins/all, and in its table', () => {
    const plugins = workspaces().filter(({ directory }) => /^plugins\/(?!all$)/.test(directory));
    const names = plugins.map(({ manifest }) => manifest.name).sort();
    const all = read('plugins/all/src/index.ts').matchAll(/^export \* from '(.+)';$/gm);
    expect([...all].map(([, name]) => name).sort()).toEqual(names);
    expect(Object.keys(JSON.parse(read('plugins/all/package.json')).dependencies).sort()).toEqual(names);
    const rows = read('plugins/all/README.md').matchAll(/^\| \[`(.+?)`\]/gm);
    expect([...rows].map(([, name]) => name).sort()).toEqual(names);
  });
});

describe('every pack', () => {
  it('is shown by a demo', async () => {
    const site = path.join(root, 'packages/playground/dist/src/site/find-demos.js');
    const { findDemos } = await import(pathToFileURL(site).href);
    const shown = (await findDemos()).flatMap(({ demo }) => demo.packs.map((pack) => pack.split('/')[0]));
    const packs = packWorkspaces().map(({ directory }) => path.basename(directory));
    expect([...new Set(shown)].sort()).toEqual(packs.sort());
  });
});

/** Folders directly in a workspace, of its own. */
function foldersIn(directory) {
  const entries = fs.readdirSync(path.join(root, directory), { withFileTypes: true });
  const own = entries.filter((entry) => entry.isDirectory() && !['node_modules', 'dist', 'build'].includes(entry.name));
  return own.map(({ name }) => path.join(directory, name));
}
