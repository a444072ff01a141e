export { CoordinateMap, SparseTensor, sparseTensor } from '@tfjs-sparse/core';
export { dsvtSets, type DsvtSetsOptions } from './dsvt-sets/op.js';
export { flatFormerGroups, type FlatFormerGroupsOptions } from './flat-former-groups/op.js';
export { serializedPatches, type Serialization, type SerializedPatchesOptions } from './serialized-patches/op.js';
export { SiteSets, type SetTables } from './site-sets/site-sets.js';
export { windowMean } from './window-mean/op.js';
export { windows } from './windows/op.js';
export type { WindowOptions } from './window-options.js';
