import { bytesSource } from '../bytes/byte-source.js';
import { ReadProgress } from './read-progress.js';

const megabyte = 2 ** 20;

describe('ReadProgress', () => {
  let [calls, ms] = [[] as string[], 0];
  const bar = {
    start: (total: number) => calls.push(`start ${total}`),
    setTotal: (total: number) => calls.push(`total ${total}`),
    update: (value: number) => calls.push(`at ${value}`),
    stop: () => calls.push('stop'),
  };
  const file = bytesSource('a.onnx', new Uint8Array(2 * megabyte));
  const beside = bytesSource('a.data', new Uint8Array(3 * megabyte));

  beforeEach(() => {
    [calls, ms] = [[], 0];
  });

  it('shows nothing of what takes less than a second', async () => {
    const progress = new ReadProgress(bar, () => ms);
    await progress.of(file).read(0, megabyte);
    progress.stop();
    expect(calls).toEqual([]);
  });

  it('counts what is read of a file and of those beside it', async () => {
    const progress = new ReadProgress(bar, () => ms);
    const source = progress.of({ ...file, sibling: async (name) => (name === beside.name ? beside : null) });
    await source.read(0, megabyte);
    ms = 1500;
    await source.read(megabyte, megabyte);
    expect(await source.sibling!('other')).toBeNull();
    const other = (await source.sibling!('a.data'))!;
    expect((await other.read(0, 2 * megabyte)).length).toBe(2 * megabyte);
    await other.read(0, 2 * megabyte);
    progress.stop();
    expect(calls).toEqual(['start 2', 'total 2', 'at 2', 'total 5', 'at 4', 'total 5', 'at 5', 'stop']);
  });
});
