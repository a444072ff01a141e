export { fileSource } from './bytes/file-source.js';
