export { maxRows as cpu } from './cpu.js';
export { maxRows as wasm } from './wasm.js';
export { maxRows as webgpu } from './webgpu.js';
