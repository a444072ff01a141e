export { imageSide, imageValues } from './image-values.js';
export { labels, type Label } from './labels.js';
