import { releaseTable } from './tables.js';

/**
 * Names values that an owner derives and keeps: their kind, and where there are several of a kind what they depend on.
 * `T` is the type of the values.
 */
export interface DerivedKey<T> {
  readonly kind: object;
  readonly variant: string;
  /** What the value also belongs to: it goes when its owner or its partner is collected. */
  readonly partner: object | null;
  /** The key of one variant of the kind. */
  of(variant: string | number): DerivedKey<T>;
  /** The key of the value that also belongs to `partner`. */
  with(partner: object): DerivedKey<T>;
  /** Never present: it tells keys of different types apart. */
  readonly valueType?: T;
}

/** A new kind of derived values; a constant of the module that makes them. */
export function derivedKey<T>(kind: object = {}, variant = '', partner: object | null = null): DerivedKey<T> {
  return {
    kind,
    variant,
    partner,
    of: (other) => derivedKey(kind, String(other), partner),
    with: (other) => derivedKey(kind, variant, other),
  };
}

/** A table, or what holds tables and frees their device copies by `dispose`. */
export type Releasable = Int32Array | { dispose(): void };

/** Has the device copies of `value` freed with the owner's; returns it. */
export type Own = <V extends Releasable>(value: V) => V;

interface Entry {
  readonly value: unknown;
  readonly owned: readonly Releasable[];
}

type Entries = Map<object, Map<string, Entry>>;

/** What is derived from its owner, made once per key and freed with the owner. */
export class DerivedValues {
  #ofOwner: Entries = new Map();
  #ofPartners = new WeakMap<object, Entries>();
  /** The entries of partners that still live. */
  readonly #partnered = new Set<WeakRef<Entry>>();

  /** The value of `key`, made by `make` on first use; `make` names by `own` what is freed with the owner. */
  get<T>(key: DerivedKey<T>, make: (own: Own) => T): T {
    const found = this.#entry(key);
    if (found) return found.value as T;
    const owned: Releasable[] = [];
    const value = make((each) => {
      owned.push(each);
      return each;
    });
    this.#keep(key, { value, owned });
    return value;
  }

  /** The value of `key` where it was made. */
  find<T>(key: DerivedKey<T>): T | undefined {
    return this.#entry(key)?.value as T | undefined;
  }

  /** Frees the device copies of all values and forgets these. */
  dispose(): void {
    const entries = [...this.#ofOwner.values()].flatMap((variants) => [...variants.values()]);
    for (const reference of this.#partnered) {
      const entry = reference.deref();
      if (entry) entries.push(entry);
    }
    this.#ofOwner = new Map();
    this.#ofPartners = new WeakMap();
    this.#partnered.clear();
    for (const each of entries.flatMap(({ owned }) => owned)) {
      if (each instanceof Int32Array) releaseTable(each);
      else each.dispose();
    }
  }

  #entry({ kind, variant, partner }: DerivedKey<unknown>): Entry | undefined {
    const entries = partner ? this.#ofPartners.get(partner) : this.#ofOwner;
    return entries?.get(kind)?.get(variant);
  }

  #keep({ kind, variant, partner }: DerivedKey<unknown>, entry: Entry): void {
    let entries = partner ? this.#ofPartners.get(partner) : this.#ofOwner;
    if (!entries) this.#ofPartners.set(partner!, (entries = new Map()));
    let variants = entries.get(kind);
    if (!variants) entries.set(kind, (variants = new Map()));
    variants.set(variant, entry);
    if (!partner) return;
    for (const reference of this.#partnered) if (!reference.deref()) this.#partnered.delete(reference);
    this.#partnered.add(new WeakRef(entry));
  }
}
