export { labels, type Label } from './labels.js';
export { waferChannels, waferSample, waferSide, type WaferSample } from './wafer-sample.js';
