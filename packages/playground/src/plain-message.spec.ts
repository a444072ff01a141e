import { plainMessage } from './plain-message.js';

describe('plainMessage', () => {
  it('leaves out names of functions, and keeps names of files and options', () => {
    expect(plainMessage(new RangeError('saeFromTensors: config.k must be given, got none'))).toBe(
      'config.k must be given, got none',
    );
    for (const message of ['start: --port must be free, got 1', 'a.csv: cells must be 0, got 3', 'internal: x'])
      expect(plainMessage(new Error(message))).toBe(message);
    expect(plainMessage('text')).toBe('text');
  });
});
