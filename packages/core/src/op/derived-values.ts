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
export function derivedKey<T>(): DerivedKey<T> {
  return keyOf({}, '', null);
}

function keyOf<T>(kind: object, variant: string, partner: object | null): DerivedKey<T> {
  return {
    kind,
    variant,
    partner,
    of: (other) => keyOf(kind, String(other), partner),
    with: (other) => keyOf(kind, variant, other),
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

interface PartnerEntries {
  readonly byPartner: WeakMap<object, Entries>;
  /** The entries of partners that still live. */
  readonly living: Set<WeakRef<Entry>>;
}

/** What is derived from its owner, made once per key and freed with the owner. */
export class DerivedValues {
  #ofOwner: Entries = new Map();
  #ofPartners: PartnerEntries | undefined; // most owners have none, and weak collections cost every garbage collection

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
    for (const reference of this.#ofPartners?.living ?? []) {
      const entry = reference.deref();
      if (entry) entries.push(entry);
    }
    this.#ofOwner = new Map();
    this.#ofPartners = undefined;
    for (const each of entries.flatMap(({ owned }) => owned)) {
      if (each instanceof Int32Array) releaseTable(each);
      else each.dispose();
    }
  }

  #entry({ kind, variant, partner }: DerivedKey<unknown>): Entry | undefined {
    const entries = partner ? this.#ofPartners?.byPartner.get(partner) : this.#ofOwner;
    return entries?.get(kind)?.get(variant);
  }

  #keep({ kind, variant, partner }: DerivedKey<unknown>, entry: Entry): void {
    const entries = partner ? this.#entriesOf(partner, entry) : this.#ofOwner;
    let variants = entries.get(kind);
    if (!variants) entries.set(kind, (variants = new Map()));
    variants.set(variant, entry);
  }

  /** Where the new `entry` of a partner goes. */
  #entriesOf(partner: object, entry: Entry): Entries {
    const { byPartner, living } = (this.#ofPartners ??= { byPartner: new WeakMap(), living: new Set() });
    for (const reference of living) if (!reference.deref()) living.delete(reference);
    living.add(new WeakRef(entry));
    let entries = byPartner.get(partner);
    if (!entries) byPartner.set(partner, (entries = new Map()));
    return entries;
  }
}
