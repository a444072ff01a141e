import { hintOf } from './reading-hint.js';

describe('hintOf', () => {
  const read = { text: 'a'.repeat(2000), unknown: [], unknownCount: 0, omittedCount: 0 };

  it('says nothing of a text that was read as it is', () => expect(hintOf(read)).toBe(''));

  it('says how much of a text that is too long for the memory was read', () => {
    expect(hintOf({ ...read, omittedCount: 1_000_000 })).toBe('Read the first 2,000 of 1,002,000 characters.');
    expect(hintOf({ ...read, omittedCount: 1, unknown: ['é'], unknownCount: 1 })).toMatch(
      /^Read the first 2,000 of 2,001 characters\. The network knows 65 characters; 1 of /,
    );
  });
});
