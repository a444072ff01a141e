/**
 * Words of the shared block by which the main thread hands out jobs, as indices of an Int32Array.
 *
 * A job is a kernel over items. Whoever has time takes the next item; the main thread works too, so that a worker that
 * comes late, or not at all, costs nothing. A worker may touch the job only while `gate` holds the job's number, and
 * counts itself in `active` before it looks: so once the main thread has closed the gate and seen `active` at 0, nobody
 * reads the block any more.
 */
export const word = {
  /** Number of the latest job, on which workers wait; `stop` ends them. */
  wake: 0,
  /** Number of the job that is open, or 0. */
  gate: 1,
  /** Next item of the open job. */
  next: 2,
  /** Workers that may be inside a job. */
  active: 3,
  /** Workers that have an instance of every module. */
  ready: 4,
  /** 1 when a kernel of a worker threw. */
  failed: 5,
  itemCount: 6,
  module: 7,
  /** Position of the kernel among the exports of its module. */
  kernel: 8,
  argumentCount: 9,
  /** Where the arguments begin, float64 each: pointers and sizes, and limits that may be infinite. */
  firstArgument: 10,
} as const;

export const stop = -1;
export const maximumArguments = 30;
export const argumentsByte = word.firstArgument * Int32Array.BYTES_PER_ELEMENT;
export const controlBytes = argumentsByte + maximumArguments * Float64Array.BYTES_PER_ELEMENT;

/** What a worker is started with. */
export interface WorkerStart {
  readonly memory: WebAssembly.Memory;
  readonly modules: readonly WebAssembly.Module[];
  readonly control: SharedArrayBuffer;
  /** 1 for the first worker; 0 is the main thread. */
  readonly thread: number;
  readonly words: typeof word;
  readonly stop: number;
}
