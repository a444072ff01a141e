import { derivedKey, DerivedValues } from './derived-values.js';
import { deviceCopy } from './tables.js';

const tables = derivedKey<Int32Array>();
const names = derivedKey<string>();

describe('derived values', () => {
  it('are made once per kind, variant and partner', () => {
    const derived = new DerivedValues();
    const [a, b] = [{}, {}];
    let made = 0;
    const keys = [
      names,
      names.of(1),
      names.of('2'),
      names.with(a),
      names.with(b),
      names.of(1).with(a),
      derivedKey<string>(),
    ];
    const makeAll = (): string[] => keys.map((key) => derived.get(key, () => `value ${made++}`));
    const first = makeAll();
    expect(new Set(first).size).toBe(keys.length);
    expect(makeAll()).toEqual(first);
    expect(derived.get(names.of('1').with(a), () => 'new')).toBe(first[5]);
    expect(derived.find(names.with(b))).toBe(first[4]);
    expect(derived.find(names.of(3))).toBeUndefined();
  });

  it('free what they own, also of partners and of values made on the way, and are made anew', () => {
    const derived = new DerivedValues();
    const partner = {};
    let live = 0;
    const copied = (table: Int32Array): Int32Array =>
      deviceCopy(table, partner, () => ({ value: (live++, table), free: () => live-- }));
    const inner = new DerivedValues();
    const make = (): void => {
      derived.get(tables, (own) => own(copied(new Int32Array(1))));
      derived.get(tables.with(partner), (own) => own(copied(new Int32Array(2))));
      derived.get(tables.of('outer'), (own) => {
        derived.get(tables.of('inner'), (ownToo) => ownToo(copied(new Int32Array(3))));
        own(inner).get(tables, (ownToo) => ownToo(copied(new Int32Array(4))));
        return copied(new Int32Array(5)); // nobody's
      });
    };
    make();
    make();
    expect(live).toBe(5);
    derived.dispose();
    derived.dispose();
    expect(live).toBe(1);
    expect(derived.find(tables)).toBeUndefined();
    make();
    expect(live).toBe(6);
  });

  it('keep nothing when making fails', () => {
    const derived = new DerivedValues();
    const failing = (): string => {
      throw new RangeError('no');
    };
    expect(() => derived.get(names, failing)).toThrowError('no');
    expect(derived.get(names, () => 'yes')).toBe('yes');
  });
});
