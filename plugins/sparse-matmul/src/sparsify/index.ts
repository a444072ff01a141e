import '../register.js';
import './register.js';

export { sparsifyGraphModel, type SparsifiedModel } from './sparsify.js';
export type { FoundLayer, LayerReport, SparsifyOptions } from './report.js';
