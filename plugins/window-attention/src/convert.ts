import type { Architecture } from '@tfjs-sparse/converter/checkpoints';
import { dsvtArchitecture } from './architectures/dsvt/convert.js';

export { dsvtArchitecture, type DSVTSettings } from './architectures/dsvt/convert.js';

/** Networks of attention over sites that are built from a state dict alone, as their published configurations have them. */
export const architectures: readonly Architecture[] = [dsvtArchitecture()];
