export { fileSource, type FileSource } from './bytes/file-source.js';
