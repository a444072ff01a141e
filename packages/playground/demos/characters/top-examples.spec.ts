import { examplesPerFeature, TopExamples } from './top-examples.js';

describe('TopExamples', () => {
  /** Activations of one feature, `[characters, 1]`. */
  const feature = (characters: number, at: Readonly<Record<number, number>>) =>
    Float32Array.from({ length: characters }, (_, place) => at[place] ?? 0);

  it('keeps the strongest places of each feature, the strongest first', () => {
    const examples = new TopExamples(2);
    examples.addText(Float32Array.of(0, 3, 0, 0, 2, 0), 100);
    examples.addText(Float32Array.of(5, 0), 200);
    expect(examples.examplesOf(0)).toEqual([
      { place: 200, value: 5 },
      { place: 102, value: 2 },
    ]);
    expect(examples.examplesOf(1)).toEqual([{ place: 100, value: 3 }]);
    expect([examples.characters, examples.shareOf(0), examples.shareOf(1)]).toEqual([4, 0.5, 0.25]);
  });

  it('takes the strongest of places near each other, whichever comes first', () => {
    for (const values of [
      { 3: 1, 5: 2, 9: 1.5, 80: 1 },
      { 3: 1.5, 5: 2, 9: 1, 80: 1 },
    ]) {
      const examples = new TopExamples(1);
      examples.addText(feature(100, values), 0);
      expect(examples.examplesOf(0).map(({ place }) => place)).toEqual([5, 80]);
    }
  });

  it('lets a stronger place push the weakest out', () => {
    const examples = new TopExamples(1);
    for (let i = 0; i < examplesPerFeature + 2; i++) examples.addText(Float32Array.of(1 + i), 50 * i);
    const values = examples.examplesOf(0).map(({ value }) => value);
    expect(values).toEqual([10, 9, 8, 7, 6, 5, 4, 3]);
  });

  it('finds the same in parts as in the whole text', () => {
    const all = Float32Array.from({ length: 3000 }, (_, i) => Math.max(0, Math.sin(i * i)));
    const whole = new TopExamples(3);
    whole.addText(all, 0);
    const joined = new TopExamples(3);
    for (const start of [0, 400, 800]) {
      const part = new TopExamples(3);
      part.addText(all.subarray(3 * start, 3 * start + 1200), start);
      joined.addAll(part.toArrays());
    }
    for (const each of [0, 1, 2]) {
      expect(joined.shareOf(each)).toBe(whole.shareOf(each));
      expect(joined.examplesOf(each)[0]).toEqual(whole.examplesOf(each)[0]);
    }
    expect(TopExamples.of(joined.toArrays()).toArrays()).toEqual(joined.toArrays());
  });
});
