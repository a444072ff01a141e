import { median } from './measure.js';

const sliceMs = 50; // of runs in a row: long against the wait for the queue's end
const budgetMs = 1500; // per contender; slow adapters still get 3 rounds
const [fewestRounds, mostRounds, mostRepeats] = [3, 15, 500];

/**
 * Median milliseconds of one run of each contender by the wall clock: runs in a row up to the end of the device's queue.
 * The contenders take turns.
 */
export async function measureOnDevice<K extends string>(
  contenders: Readonly<Record<K, () => void>>,
  finish: () => Promise<void>,
): Promise<Record<K, number>> {
  const names = Object.keys(contenders) as K[];
  const timed = async (run: () => void, repeats: number) => {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) run();
    await finish();
    return (performance.now() - start) / repeats;
  };
  const repeats = {} as Record<K, number>;
  let slowest = 0;
  for (const name of names) {
    await timed(contenders[name], 1); // compiles the shaders
    const several = (await timed(contenders[name], 1)) < sliceMs ? 5 : 1;
    const ms = await timed(contenders[name], several);
    repeats[name] = Math.min(Math.max(Math.ceil(sliceMs / ms), 1), mostRepeats);
    slowest = Math.max(slowest, repeats[name] * ms);
  }
  const rounds = Math.min(Math.max(Math.floor(budgetMs / slowest), fewestRounds), mostRounds);
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times[name].push(await timed(contenders[name], repeats[name]));
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<K, number>;
}
