import { SingleBar } from 'cli-progress';
import type { ByteSource } from '../bytes/byte-source.js';

/** The part of a bar of cli-progress that is used. */
export interface Bar {
  start(total: number, value: number): void;
  setTotal(total: number): void;
  update(value: number): void;
  stop(): void;
}

const quietMs = 1000; // what is done sooner needs no bar
const inMegabytes = (bytes: number) => Math.round(bytes / 2 ** 20);

/** Shows how much of a file has been read, and of those beside it that are opened through it, once that takes longer than a second. */
export class ReadProgress {
  #total = 0;
  #done = 0;
  #isShown = false;

  constructor(
    private readonly bar: Bar,
    private readonly now: () => number = () => performance.now(),
    private readonly begin = now(),
  ) {}

  /** The same source, whose reads are counted. */
  of(source: ByteSource): ByteSource {
    this.#total += source.size;
    const { sibling } = source;
    return {
      ...source,
      read: async (start, length) => {
        const bytes = await source.read(start, length);
        this.#done += length;
        this.#show();
        return bytes;
      },
      ...(sibling && {
        sibling: async (name: string) => {
          const other = await sibling(name);
          return other && this.of(other);
        },
      }),
    };
  }

  stop(): void {
    if (this.#isShown) this.bar.stop();
  }

  #show(): void {
    if (this.now() - this.begin < quietMs) return;
    const total = inMegabytes(this.#total);
    if (!this.#isShown) this.bar.start(total, 0);
    this.#isShown = true;
    this.bar.setTotal(total);
    this.bar.update(Math.min(inMegabytes(this.#done), total)); // parts may be read twice
  }
}

/** On stderr where that is a terminal; nothing elsewhere. */
export function readProgress(): ReadProgress {
  const format = 'reading {bar} {value} of {total} MiB, {eta_formatted} left';
  return new ReadProgress(new SingleBar({ format, stream: process.stderr, hideCursor: true, clearOnComplete: true }));
}
