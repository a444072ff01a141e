export { GaussianMixture, type GaussianMixtureJson } from './gaussian-mixture.js';
export { loadPack, type Pack } from './load-pack.js';
export type { LoadPackOptions } from './pack-files.js';
export type { PackFile, PackManifest } from './manifest.js';
export { packCacheName, type PackCache } from './pack-cache.js';
export type { PackProgress } from './read-files.js';
