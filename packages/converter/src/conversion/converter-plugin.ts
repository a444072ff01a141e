import type { RuleSet } from '../rule.js';

/** What the `/convert` entry of a package gives to `convertFile` and the command line, as `converterPlugin`. */
export interface ConverterPlugin {
  /** For reports, such as `@tfjs-sparse/sparse-matmul`. */
  readonly name: string;
  /** For products and patterns of graphs and layers models. */
  readonly rules?: RuleSet;
}
