export { GaussianMixture, type GaussianMixtureJson } from './gaussian-mixture.js';
export { loadPack, type Pack } from './load-pack.js';
export { openPackOf, type PackKind } from './open-pack-of.js';
export { packOptions, type LoadPackOptions } from './pack-files.js';
export type { PackFile, PackManifest } from './manifest.js';
export { packCacheName, type PackCache } from './pack-cache.js';
export {
  columnsRule,
  fewestColumns,
  fittingColumns,
  guessColumns,
  mostColumns,
  type ColumnGuess,
} from './points/guess-columns.js';
export { readPositions, type PointColumns, type Positions } from './points/read-positions.js';
export type { PackProgress } from './read-files.js';
