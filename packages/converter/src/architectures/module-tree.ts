import { requireRange } from '@tfjs-sparse/core';
import type { Checkpoint } from '../checkpoint/read-checkpoint.js';
import { torchModules, type TorchModule } from '../torch-weights/torch-module.js';

/** The modules of a network within a checkpoint, by their paths behind a prefix. */
export class ModuleTree {
  readonly #modules: ReadonlyMap<string, TorchModule>;

  private constructor(
    modules: readonly TorchModule[],
    /** What paths in the checkpoint have before those here, such as `backbone_3d.`; '' for nothing. */
    readonly prefix: string,
  ) {
    const inside = modules.filter(({ path }) => path.startsWith(prefix));
    this.#modules = new Map(inside.map((module) => [module.path.slice(prefix.length), module]));
  }

  /** The tree in which a module has the path, with the shortest prefix that ends in a dot; null where none is called so. */
  static around(checkpoint: Checkpoint, path: string): ModuleTree | null {
    const modules = torchModules(checkpoint);
    const prefixes = modules
      .filter((module) => module.path === path || module.path.endsWith(`.${path}`))
      .map((module) => module.path.slice(0, module.path.length - path.length));
    if (prefixes.length === 0) return null;
    return new ModuleTree(
      modules,
      prefixes.reduce((best, prefix) => (prefix.length < best.length ? prefix : best)),
    );
  }

  /** Of all modules that have tensors, without the prefix. */
  get paths(): string[] {
    return [...this.#modules.keys()];
  }

  has(path: string, name?: string): boolean {
    const module = this.#modules.get(path);
    return module !== undefined && (name === undefined || module.has(name));
  }

  /** @throws RangeError where there is no such tensor */
  shape(op: string, path: string, name: string): readonly number[] {
    requireRange(this.has(path, name), op, `the state dict must have ${this.prefix}${path}.${name}`, `keys such as ${this.#someKeys()}`); // prettier-ignore
    return this.#modules.get(path)!.shape(name);
  }

  /** How many of the paths `at(0)`, `at(1)`, … a module has, or modules are inside. */
  count(at: (index: number) => string): number {
    let count = 0;
    while (this.paths.some((path) => path === at(count) || path.startsWith(`${at(count)}.`))) count++;
    return count;
  }

  #someKeys(): string {
    return [...this.#modules].slice(0, 8).map(([path, { names }]) => `${path}.${names[0]}`).join(', '); // prettier-ignore
  }
}
