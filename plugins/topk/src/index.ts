import './register.js';

export { topK, type TopKOptions, type TopKResult } from './top-k/op.js';
