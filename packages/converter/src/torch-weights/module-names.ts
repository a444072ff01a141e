import type { layers } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import type { TorchModule } from './torch-module.js';

/**
 * Modules by layers, as a map of paths to names says.
 *
 * @throws RangeError that names all paths and names that are none
 */
export function mappedModules(
  op: string,
  map: Readonly<Record<string, string>>,
  modules: readonly TorchModule[],
  all: readonly layers.Layer[],
): Map<layers.Layer, TorchModule> {
  const found = Object.entries(map).map(([path, name]) => {
    const [module, layer] = [modules.find((each) => each.path === path), all.find((each) => each.name === name)];
    return { path, module, layer };
  });
  const paths = found.filter(({ module }) => !module).map(({ path }) => path);
  const there = someOf(modules.map((each) => each.path));
  requireRange(paths.length === 0, op, `map must have paths of ${there}`, paths.join(', '));
  requireNames(op, 'map', Object.values(map), all);
  return new Map(found.map(({ layer, module }) => [layer!, module!]));
}

/** @throws RangeError for names that no layer has */
export function requireNames(op: string, option: string, names: readonly string[], all: readonly layers.Layer[]): void {
  const others = names.filter((name) => !all.some((layer) => layer.name === name));
  const there = someOf(all.map((layer) => layer.name));
  requireRange(others.length === 0, op, `${option} must have names of ${there}`, others.join(', '));
}

const namesShown = 12; // enough to see the naming of a file

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, namesShown).join(', ');
  return names.length > namesShown ? `${shown}, … (${names.length} in all)` : shown;
}

/** Whole names, without the dot behind them. */
export function commonStart(paths: readonly string[]): string {
  const names = paths.map((path) => path.split('.'));
  const [first = []] = names;
  const differs = first.findIndex((name, i) => names.some((each) => each[i] !== name));
  return (differs < 0 ? first : first.slice(0, differs)).join('.');
}

/** Layers and modules of one name, where only one of each has it. */
export function byName(
  modules: readonly TorchModule[],
  all: readonly layers.Layer[],
  mapped: ReadonlyMap<layers.Layer, TorchModule>,
): Map<layers.Layer, TorchModule> {
  const plain = (name: string) => name.replace(/[./_]+/g, '.').toLowerCase();
  const free = modules.filter((module) => ![...mapped.values()].includes(module));
  const found = new Map<layers.Layer, TorchModule>();
  for (const layer of all) {
    if (mapped.has(layer)) continue;
    const alike = free.filter(({ path }) => plain(path) === plain(layer.name));
    const isAlone = all.filter((other) => plain(other.name) === plain(layer.name)).length === 1;
    if (alike.length === 1 && isAlone) found.set(layer, alike[0]);
  }
  return found;
}
