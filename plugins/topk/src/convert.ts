export { saeFromCheckpoint } from './sparse-autoencoder/convert.js';
