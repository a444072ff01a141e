export { CoordinateMap, coordinateMapOf } from './coordinates/coordinate-map.js';
export type { CoordinateMapOptions, PointGrouping, PointOptions } from './coordinates/coordinate-map.js';
export type { KernelGeometry, OutputRule } from './coordinates/kernel-geometry.js';
export { boxTaps, offsetCount } from './coordinates/kernel-offsets.js';
export { KernelMap, tileSites } from './coordinates/kernel-map.js';
export { pairBlockSites } from './coordinates/pair-starts.js';
export { requireRange, requireType, violation } from './errors.js';
export { enableExtendedDevice } from './op/extended-device.js';
export type { CpuKernel, Gradient, HostTensor, OpDefinition } from './op/definition.js';
export { hostValues } from './op/host-values.js';
export { packedFormCount } from './op/packed-forms.js';
export { registerOp, registerPlainKernel } from './op/register.js';
export { runOp } from './op/run.js';
export { releaseTable, releaseWith } from './op/tables.js';
export type { WasmKernel, WasmScope, WasmTensor } from './op/wasm-scope.js';
export {
  workgroupThreads,
  type GpuExtension,
  type GpuProgram,
  type GpuUniform,
  type WebgpuKernel,
  type WebgpuScope,
} from './op/webgpu-scope.js';
export { seededRandom, shuffled } from './random.js';
export { gatherRows, gatherRowsOp, sumRows, sumRowsOp } from './rows/op.js';
export { rowMapFromIndex, type RowMap } from './rows/row-map.js';
export {
  readSafetensors,
  writeSafetensors,
  type Safetensors,
  type SafetensorsDtype,
  type SafetensorsTensor,
  type SafetensorsValues,
} from './safetensors.js';
export { SparseTensor, sparseTensor, type SparseTensorOptions } from './sparse-tensor.js';
export { addThreadedBinaries } from './threads/pool.js';
export { setThreads } from './threads/set-threads.js';
export { withSharedMemory } from './threads/with-shared-memory.js';
export type { WasmBinaries } from './wasm/binaries.js';
export { float16Bits, float16Value } from './weights/float16.js';
export { withFloat16Weights } from './weights/float16-weights.js';
export { elementBytes, joinWeights, splitWeights, type StoredWeight } from './weights/stored-weights.js';
export { hasRelaxedSimd, hasSimd } from './wasm/features.js';
export { hostMemoryBytes } from './wasm/host-memory.js';
