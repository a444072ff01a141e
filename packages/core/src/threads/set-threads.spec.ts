import { setThreads } from './set-threads.js';

describe('setThreads', () => {
  const refused: [unknown, new (message: string) => Error, string][] = [
    ['2', TypeError, "setThreads: count must be a number, got the string '2'"],
    [undefined, TypeError, 'setThreads: count must be a number, got undefined'],
    [1.5, RangeError, 'setThreads: count must be an integer from 1 to 64, got 1.5'],
    [65, RangeError, 'setThreads: count must be an integer from 1 to 64, got 65'],
  ];
  for (const [count, kind, message] of refused) {
    it(`refuses ${typeof count} ${count}`, () =>
      expectAsync(setThreads(count as number)).toBeRejectedWithError(kind, message));
  }
});
