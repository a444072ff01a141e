import type { KernelMap } from './kernel-map.js';

/** Kernel maps onto given target sites, each as long as its target lives. */
export class TargetMaps {
  #ofTargets = new WeakMap<object, Map<string, KernelMap>>();
  readonly #made = new Set<WeakRef<KernelMap>>();

  /** The map to `target` under `key`, made by `make` on first use. */
  get(target: object, key: string, make: () => KernelMap): KernelMap {
    let maps = this.#ofTargets.get(target);
    if (!maps) this.#ofTargets.set(target, (maps = new Map()));
    let kernelMap = maps.get(key);
    if (!kernelMap) {
      maps.set(key, (kernelMap = make()));
      for (const reference of this.#made) if (!reference.deref()) this.#made.delete(reference);
      this.#made.add(new WeakRef(kernelMap));
    }
    return kernelMap;
  }

  /** Frees the device copies of all maps and forgets them. */
  dispose(): void {
    for (const reference of this.#made) reference.deref()?.dispose();
    this.#made.clear();
    this.#ofTargets = new WeakMap();
  }
}
