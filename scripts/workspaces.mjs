import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Every workspace with its package.json; `directory` is relative to the root. */
export function workspaces() {
  return readJson('package.json')
    .workspaces.flatMap((pattern) => expand(pattern))
    .filter((directory) => fs.existsSync(path.join(root, directory, 'package.json')))
    .map((directory) => ({ directory, manifest: readJson(path.join(directory, 'package.json')) }));
}

/** Those that npm gets. */
export function publishedWorkspaces() {
  return workspaces().filter(({ manifest }) => !manifest.private);
}

/** Those that hold a pack. */
export function packWorkspaces() {
  return workspaces().filter(({ manifest }) => manifest.exports?.['./manifest.json']);
}

/** Files below `directory` (relative to the root) whose name ends with `suffix`, as sorted paths relative to the root. */
export function filesBelow(directory, suffix) {
  const absolute = path.join(root, directory);
  if (!fs.existsSync(absolute)) return [];
  return fs
    .readdirSync(absolute, { recursive: true })
    .filter((file) => file.endsWith(suffix) && !file.split(path.sep).includes('node_modules'))
    .map((file) => path.join(directory, file))
    .sort();
}

function readJson(file) {
  return JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'));
}

function expand(pattern) {
  if (!pattern.endsWith('/*')) return [pattern];
  const parent = pattern.slice(0, -2);
  return fs.readdirSync(path.join(root, parent)).map((name) => path.join(parent, name));
}
