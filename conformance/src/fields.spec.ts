import * as field from './fields.js';

interface Window {
  readonly size: readonly number[];
  readonly shape?: 'box' | 'cross';
  readonly box?: { readonly low: number; readonly isOpen: boolean };
  readonly strides?: number | [number, number];
}

const windowFields: field.Fields<Window> = {
  size: field.numbers,
  shape: field.optional(field.oneOf('box', 'cross')),
  box: field.optional(field.objectOf({ low: field.number, isOpen: field.flag })),
  strides: field.optional(field.either(field.number, (value) => typeof value === 'number', field.pair)),
};

describe('readFields', () => {
  const read = (given: object) => field.readFields<Window>(given, windowFields, "layer 'pool'");

  it('gives what the readers know, absent fields undefined', () => {
    const box = { low: 1, isOpen: true };
    expect(read({ size: [2, 3], box, strides: [1, 2] })).toEqual({
      size: [2, 3],
      shape: undefined,
      box,
      strides: [1, 2],
    });
    expect(read({ size: [], strides: 2, shape: undefined }).strides).toBe(2);
  });

  const refused: [string, object, string][] = [
    ['a field without a reader', { size: [], kernel: 3 }, "fields of layer 'pool' must be among [size, shape, box, strides], got 'kernel'"],
    ['a field that is missing', {}, "'size' of layer 'pool' must be a list, got undefined"],
    ['a value of another kind', { size: [1, '2'] }, `'size' of layer 'pool'[1] must be a number, got "2"`],
    ['a value that is not known', { size: [], shape: 'ball' }, `'shape' of layer 'pool' must be "box" or "cross", got "ball"`],
    ['a number for an object', { size: [], box: 3 }, "'box' of layer 'pool' must be an object, got 3"],
    ['a field of an object', { size: [], box: { low: 0, isOpen: true, high: 1 } }, "fields of 'box' of layer 'pool' must be among [low, isOpen], got 'high'"],
    ['a flag that is a number', { size: [], box: { low: 0, isOpen: 1 } }, "'isOpen' of 'box' of layer 'pool' must be true or false, got 1"],
    ['three numbers for two', { size: [], strides: [1, 2, 3] }, "'strides' of layer 'pool' must be two numbers, got [1,2,3]"],
  ]; // prettier-ignore
  for (const [what, given, message] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => read(given)).toThrowError(RangeError, `golden: ${message}`);
    });
  }
});
