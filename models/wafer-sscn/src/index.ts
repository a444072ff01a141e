export { resampleWafer } from './resample-wafer.js';
export { labels, type Label } from './labels.js';
export { classifyWafers, WaferClassifier, waferSites, type WaferClass, type WaferOptions } from './wafer-classifier.js';
export type { ShapedArray, WaferGrid, WaferMap } from './wafer-map.js';
export { waferSample, type WaferSample } from './wafer-sample.js';
export { waferChannels, waferSide } from './wafer-size.js';
