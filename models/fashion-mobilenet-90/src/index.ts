export {
  classifyClothes,
  ClothingClassifier,
  type ClothingClass,
  type ClothingOptions,
  type Network,
} from './clothing-classifier.js';
export type { ClothingImage } from './image-pixels.js';
export { imageSide } from './image-size.js';
export { imageValues } from './image-values.js';
export { labels, type Label } from './labels.js';
