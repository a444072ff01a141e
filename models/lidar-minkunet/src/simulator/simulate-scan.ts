import { Random } from './random.js';
import { scan, type Scan } from './scanner.js';
import { drawStreet } from './street.js';

/** A scan of a street that the seed draws; the same seed gives the same points and labels. */
export function simulateScan(seed: number): Scan {
  const random = new Random(seed);
  return scan(drawStreet(random), random);
}
