import { SiteSets } from './site-sets.js';

const sets = new SiteSets({
  starts: Int32Array.of(0, 3, 6, 7),
  sites: Int32Array.of(2, 2, 0, 1, 3, 3, 4),
  places: Int32Array.of(2, 3, 1, 5, 6),
  isKey: Int32Array.of(1, 0, 1, 1, 1, 0, 1),
});

describe('SiteSets', () => {
  it('knows how many slots and sets there are', () => {
    const { siteCount, setCount, slotCount, largestSize, haveEqualSizes } = sets;
    expect([siteCount, setCount, slotCount, largestSize, haveEqualSizes]).toEqual([5, 3, 7, 3, false]);
  });

  it('leaves out the slots that are no keys, and moves the places to the slots that they repeat', () => {
    const { starts, sites, places, isKey, largestSize } = sets.distinct;
    expect([...starts]).toEqual([0, 2, 4, 5]);
    expect([...sites]).toEqual([2, 0, 1, 3, 4]);
    expect([...places]).toEqual([1, 2, 0, 3, 4]);
    expect(isKey).toBeNull();
    expect(largestSize).toBe(2);
    expect(sets.distinct).toBe(sets.distinct);
    expect(sets.distinct.distinct).toBe(sets.distinct);
  });

  it('lists the slots of each site', () => {
    const { starts, order } = sets.rows.transposed;
    const slotsOf = (site: number) => [...order!.subarray(starts[site], starts[site + 1])];
    expect([0, 1, 2, 3, 4].map(slotsOf)).toEqual([[2], [3], [0, 1], [4, 5], [6]]);
  });

  it('takes no sets for sets of one size', () => {
    const none = new Int32Array(0);
    const empty = new SiteSets({ starts: Int32Array.of(0), sites: none, places: none, isKey: null });
    expect([empty.setCount, empty.largestSize, empty.haveEqualSizes]).toEqual([0, 0, true]);
  });
});
