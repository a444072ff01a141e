export { loadGraphPack, type GraphPack } from './load-graph-pack.js';
