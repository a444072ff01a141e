import './register.js';

export { SparsityPattern } from './pattern/sparsity-pattern.js';
