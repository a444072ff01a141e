import type * as tf from '@tensorflow/tfjs';
import type * as litert from '@litertjs/core';
import type * as ort from 'onnxruntime-web';

/** One measured line. */
export interface BenchRow {
  readonly bench: string;
  readonly case: string;
  /** Engine and instruction set, e.g. `node 20 wasm simd`. */
  readonly runtime: string;
  readonly threads: number;
  /** Median milliseconds of one run. */
  readonly ms: number;
  /** 10^9 floating-point operations a second; null where operations are not what the case is about. */
  readonly gflops: number | null;
  /** Of the multiply-adds that this machine does in registers, measured in the same run. */
  readonly percentOfPeak: number | null;
  /** How many times faster we are than each other way, measured in the same run; above 1 we are faster. */
  readonly speedup: Readonly<Record<string, number>>;
  /** Our rate over that of tfjs' 512 x 512 x 512 matMul in the same run. */
  readonly rateVsMatMul: number | null;
  /** Further numbers of a case, by name with their unit. */
  readonly details?: Readonly<Record<string, number>>;
}

/** A case's recorded input is not there. */
export class MissingDataError extends Error {}

/** What a case may use; the same in Node and in browsers. */
export interface BenchContext {
  readonly tf: typeof tf;
  readonly runtime: string;
  /** Waits until the device has done its work; null where the host computes. */
  readonly finish: (() => Promise<void>) | null;
  /** A file of the data folder. */
  readData(path: string): Promise<ArrayBuffer>;
  /** The folder (or URL of the folder) of a pack. */
  packSource(name: string): string;
  /** onnxruntime-web, with one thread; null where it does not load. */
  onnxruntime(): Promise<typeof ort | null>;
  /** LiteRT.js, with one thread; null outside of browsers. */
  litert(): Promise<typeof litert | null>;
}

export interface BenchCase {
  readonly name: string;
  run(context: BenchContext): Promise<Omit<BenchRow, 'bench' | 'case' | 'runtime'>>;
}
