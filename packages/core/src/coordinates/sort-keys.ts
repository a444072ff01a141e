import type { HostArena } from '../wasm/host-memory.js';
import { indexKernels } from './index-kernels.js';

const digitBitsLimit = 12; // 4096 open lines of output still fit the first-level cache; 13 bits and more are slower

/**
 * Sorts u64[count] at `values` by the `keyBits` bits from `shift` upwards; stable.
 *
 * @returns pointer to the sorted values, which is `values` or a second array
 */
export function sortKeys(arena: HostArena, values: number, count: number, shift: number, keyBits: number): number {
  const kernels = indexKernels();
  const passes = Math.ceil(keyBits / digitBitsLimit);
  if (passes === 0) return values;
  const digitBits = Math.ceil(keyBits / passes);
  const histogramBytes = 4 << digitBits;
  const histograms = arena.alloc(histogramBytes * passes);
  let from = values;
  let to = arena.alloc(count * 8);
  let pass = 0;
  for (; pass + 3 <= passes; pass += 3) {
    kernels.countThreeDigits(from, count, shift + pass * digitBits, digitBits, histograms + pass * histogramBytes);
  }
  for (; pass < passes; pass++) {
    kernels.countDigits(from, count, shift + pass * digitBits, digitBits, histograms + pass * histogramBytes);
  }
  for (pass = 0; pass < passes; pass++) {
    kernels.scatterByDigit(from, to, count, shift + pass * digitBits, digitBits, histograms + pass * histogramBytes);
    [from, to] = [to, from];
  }
  return from;
}
