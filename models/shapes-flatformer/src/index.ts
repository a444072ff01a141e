export { labels, type Label } from './labels.js';
export { shapeCloud, occlusions, type Occlusion, type ShapeCloudOptions } from './shape-cloud.js';
export { cellsPerDistance, shapeChannels, shapeSample, type ShapeSample } from './shape-sample.js';
export { attentionView, type AttentionPlace, type AttentionView } from './attention-view.js';
export { classifyShapes, ShapeClassifier, type ShapeClass, type ShapeOptions } from './shape-classifier.js';
