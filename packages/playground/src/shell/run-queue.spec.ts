import { RunQueue } from './run-queue.js';

describe('RunQueue', () => {
  let log: string[];
  let atWork: number;
  /** Ends the item that runs. */
  let end: () => Promise<void>;
  let queue: RunQueue<string>;

  beforeEach(() => {
    [log, atWork] = [[], 0];
    const running: { end: () => void }[] = [];
    end = async () => {
      running.shift()!.end();
      await new Promise((resolve) => setTimeout(resolve));
    };
    queue = new RunQueue<string>({
      async run(item, { index, count }) {
        expect(++atWork).withContext('items at once').toBe(1);
        log.push(`${item} ${index + 1}/${count}`);
        await new Promise<void>((resolve) => running.push({ end: resolve }));
        atWork--;
      },
      ended: () => log.push('ended'),
      failed: (problem) => log.push(String(problem)),
    });
  });
  const added = async (...items: string[]) => {
    queue.add(() => queue.runList(items));
    await new Promise((resolve) => setTimeout(resolve));
  };

  it('ends a list behind the item at work when a newer task comes, and runs its rest after it', async () => {
    await added('a', 'b', 'c');
    await added('new');
    expect(log).toEqual(['a 1/3']);
    await end();
    expect(log).toEqual(['a 1/3', 'ended', 'new 1/1']);
    for (let i = 0; i < 3; i++) await end();
    expect(log).toEqual(['a 1/3', 'ended', 'new 1/1', 'ended', 'b 1/2', 'c 2/2', 'ended']);
  });

  it('runs all on another backend, and nothing that is left for the former', async () => {
    await added('a', 'b', 'c');
    queue.add(async () => {
      log.push('start');
      queue.forgetLeft();
      await queue.runList(['a', 'b', 'c']);
    });
    for (let i = 0; i < 4; i++) await end();
    expect(log).toEqual(['a 1/3', 'ended', 'start', 'a 1/3', 'b 2/3', 'c 3/3', 'ended']);
  });

  it('leaves the lists of tasks that waited to the last of them', async () => {
    await added('a', 'b');
    await added('c');
    await added('d');
    for (let i = 0; i < 4; i++) await end();
    const ran = log.filter((line) => line !== 'ended').map((line) => line[0]);
    expect(ran).toEqual(['a', 'd', 'b', 'c']);
  });

  it('lets what a view asks for wait, and ends no list for it', async () => {
    await added('a', 'b');
    queue.addAfter(async () => void log.push('after'));
    for (let i = 0; i < 2; i++) await end();
    expect(log).toEqual(['a 1/2', 'b 2/2', 'ended', 'after']);
  });

  it('goes on behind a task that fails', async () => {
    await added('a', 'b');
    queue.add(() => Promise.reject(new Error('no such backend')));
    await end();
    await added('c');
    for (let i = 0; i < 2; i++) await end();
    expect(log.filter((line) => line !== 'ended')).toEqual(['a 1/2', 'Error: no such backend', 'c 1/1', 'b 1/1']);
  });
});
