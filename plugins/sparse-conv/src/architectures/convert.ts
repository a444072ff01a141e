import type { Architecture } from '@tfjs-sparse/converter/checkpoints';
import { minkUNetArchitecture } from './mink-u-net/convert.js';
import { secondArchitecture } from './second/convert.js';
import { voxelNeXtArchitecture } from './voxel-next/convert.js';

/** Networks of sparse convolutions that are built from a state dict alone. */
export const architectures: readonly Architecture[] = [minkUNetArchitecture, secondArchitecture, voxelNeXtArchitecture];
