/** Functions to compare, by name; a function may be asynchronous. */
export type Contenders<K extends string> = Readonly<Record<K, () => void | Promise<unknown>>>;

const warmUpMs = 800; // JavaScript and wasm both get their faster code within this time
const sliceMs = 25; // long against the clock, and against refilling the caches after the contender before

interface Effort {
  readonly rounds: number;
  /** Least runs of a contender before it is measured. */
  readonly warmUps: number;
}

const thorough: Effort = { rounds: 15, warmUps: 3 };
/** For contenders that take seconds: such a run hardly depends on what was in the caches before it. */
export const brief: Effort = { rounds: 3, warmUps: 1 };

/**
 * Median milliseconds of one run of each contender. The contenders take turns, so that whatever else the machine does
 * hits all of them. The clock is the process' CPU time in Node and wall time in browsers.
 */
export async function measure<K extends string>(
  contenders: Contenders<K>,
  { rounds, warmUps }: Effort = thorough,
): Promise<Record<K, number>> {
  const names = Object.keys(contenders) as K[];
  const repeats = {} as Record<K, number>;
  for (const name of names) repeats[name] = await warmUp(contenders[name], warmUps);
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times[name].push(await timed(contenders[name], repeats[name]));
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<K, number>;
}

/** Runs until the engine has compiled well; how many runs fill a slice. */
async function warmUp(run: () => void | Promise<unknown>, leastRuns: number): Promise<number> {
  const start = clock();
  let ms = 0;
  for (let runs = 0; runs < leastRuns || clock() - start < warmUpMs; runs++) ms = await timed(run, 1);
  if (ms < sliceMs) ms = Math.min(ms, await timed(run, 1), await timed(run, 1));
  return Math.max(1, Math.ceil(sliceMs / Math.max(ms, 1e-3)));
}

async function timed(run: () => void | Promise<unknown>, repeats: number): Promise<number> {
  const start = clock();
  for (let i = 0; i < repeats; i++) {
    const pending = run();
    if (pending) await pending;
  }
  return (clock() - start) / repeats;
}

function clock(): number {
  if (typeof process === 'undefined' || !process.cpuUsage) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
