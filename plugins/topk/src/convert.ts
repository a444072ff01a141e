import type { ConverterPlugin } from '@tfjs-sparse/converter';
import type { Architecture } from '@tfjs-sparse/converter/checkpoints';
import { saeArchitecture } from './sparse-autoencoder/architecture-conversion.js';

export { saeArchitecture } from './sparse-autoencoder/architecture-conversion.js';
export { saeFromCheckpoint } from './sparse-autoencoder/convert.js';

/** Networks of this plugin's layers that are built from a state dict alone. */
export const architectures: readonly Architecture[] = [saeArchitecture()];

/** For `convertFile` and the command line of `@tfjs-sparse/converter`. */
export const converterPlugin: ConverterPlugin = { name: '@tfjs-sparse/topk', architectures };
