export { checkedAxes, integersPerAxis, windowShifts, windowSizes } from './coordinates/axis-options.js';
export { CoordinateMap, coordinateMapOf } from './coordinates/coordinate-map.js';
export type { CoordinateMapOptions, PointGrouping, PointOptions } from './coordinates/coordinate-map.js';
export type { BoustrophedonCurve, CubeCurve, Curve, LexicographicCurve } from './coordinates/curves.js';
export {
  arePointRows,
  flatPoints,
  nearPoints,
  placeInCells,
  requirePoints,
  type Points,
} from './coordinates/point-positions.js';
export { findCells } from './coordinates/find-cells.js';
export { gridRows, type GridBox } from './coordinates/grid-rows.js';
export { groupBy, type GroupKey, type SiteGroups } from './coordinates/group-by.js';
export { groupByCloud } from './coordinates/group-by-cloud.js';
export type { KernelGeometry, OutputRule } from './coordinates/kernel-geometry.js';
export { boxTaps, offsetCount } from './coordinates/kernel-offsets.js';
export { KernelMap } from './coordinates/kernel-map.js';
export { orderBy, type SiteOrder } from './coordinates/order-by.js';
export { orderWindows, type WindowOrder } from './coordinates/order-windows.js';
export { rowsInto, siteIndices, unionOf } from './coordinates/site-sets.js';
export { haveEqualSites, sitesInside, subsetOf } from './coordinates/subset.js';
export { pairBlockSites } from './coordinates/pair-starts.js';
export { clampGradient } from './dense/clamp-gradient/definition.js';
export { columnSums } from './dense/column-sums/definition.js';
export {
  activateCode,
  activationUniform,
  clamp,
  isFusedActivation,
  limitsOf,
  requireEpilogue,
  type Epilogue,
  type EpilogueRoles,
  type FusedActivation,
} from './dense/epilogue.js';
export { fusedOps, runFused, type FusedOps, type FusedTypes } from './dense/fused-ops.js';
export { rowBlocks, type RowBlocks } from './dense/row-blocks.js';
export { requireRange, requireType, violation } from './errors.js';
export {
  float32Array,
  int32Array,
  kindOf,
  requireList,
  requireNumbers,
  requireObject,
  requireOptions,
} from './host-arrays.js';
export { tileSites } from './coordinates/tile-table.js';
export { enableExtendedDevice } from './op/extended-device.js';
export type { CpuKernel, Dtype, Gradient, HostTensor, OpDefinition, OpTypes } from './op/definition.js';
export { floatOrderCode } from './op/float-order.js';
export { hostValues, readableValues, requireReadable } from './op/host-values.js';
export { packedFormCount } from './op/packed-forms.js';
export { bindOp, usePlainKernels } from './op/bind.js';
export { chooseBackend } from './op/choose-backend.js';
export { gpuAdapterName, type AdapterName } from './op/gpu-adapter.js';
export { runOp, stopGradient } from './op/run.js';
export { derivedKey, DerivedValues, type DerivedKey, type Own } from './op/derived-values.js';
export { releaseTable } from './op/tables.js';
export type { WasmKernel, WasmScope, WasmTensor } from './op/wasm-scope.js';
export { checkShaders } from './op/shader-check.js';
export { f32, workgroupThreads } from './op/webgpu-kernel.js';
export type { GpuExtension, GpuProgram, WebgpuKernel, WebgpuScope } from './op/webgpu-kernel.js';
export { seededRandom, shuffled } from './random.js';
export { CompressedRows, type RowFactors } from './rows/compressed-rows.js';
export type { Ties } from './rows/max-rows/attributes.js';
export { gatherRows, reduceRows, requireReduction, type Reduction } from './rows/op.js';
export { reduceWeightedRows } from './rows/weighted-rows/op.js';
export {
  readSafetensors,
  readSafetensorsHeader,
  safetensorsHeaderBytes,
  writeSafetensors,
  type Safetensors,
  type SafetensorsDtype,
  type SafetensorsEntry,
  type SafetensorsHeader,
  type SafetensorsTensor,
  type SafetensorsValues,
} from './safetensors.js';
export { siteBatchNorm, siteMoments, siteNormalize } from './site-batch-norm/op.js';
export { inGivenOrder, inSiteOrder, SparseTensor, sparseTensor, type SparseTensorOptions } from './sparse-tensor.js';
export { addThreadedBinaries } from './threads/pool.js';
export { setThreads } from './threads/set-threads.js';
export { withSharedMemory } from './threads/with-shared-memory.js';
export type { WasmBinaries } from './wasm/binaries.js';
export { float16Bits, float16Value } from './weights/float16.js';
export { float16Weight, withFloat16Weights } from './weights/float16-weights.js';
export { elementBytes, joinWeights, splitWeights, type StoredWeight } from './weights/stored-weights.js';
export { hasRelaxedSimd, hasSimd } from './wasm/features.js';
export { hostMemoryBytes } from './wasm/host-memory.js';
