export { blobSource, bytesSource, type ByteSource } from './bytes/byte-source.js';
export { urlSource } from './bytes/url-source.js';
export { BitmaskTensor } from './checkpoint/bitmask-tensor.js';
export type { Dtype } from './checkpoint/dtypes.js';
export { inspectCheckpoint, maskOf, patternText, type InspectedTensor } from './checkpoint/inspect-checkpoint.js';
export { productWeight, type WeightLayout } from './checkpoint/product-weight.js';
export { pictureOf, sparsitySvg, type WeightPicture } from './checkpoint/sparsity-picture.js';
export { elementValues, type ElementValues } from './checkpoint/element-values.js';
export { QuantizedTensor, type PerChannelScales, type PerTensorScale } from './checkpoint/quantized-tensor.js';
export {
  readCheckpoint,
  type Checkpoint,
  type CheckpointTensor,
  type NamedTensor,
} from './checkpoint/read-checkpoint.js';
export { SparseCompressedTensor, SparseCooTensor, type SparseTensorOfFile } from './checkpoint/sparse-tensors.js';
export { StoredTensor, type StoredTensorFields, type TensorStorage } from './checkpoint/stored-tensor.js';
export { denseBytes, dtypeOf, summarize, type TensorSummary } from './checkpoint/tensor-summary.js';
export { pathText, walkValues, type PathKey } from './checkpoint/walk-values.js';
export { convertFile, type ConvertedFile, type ConvertFileOptions } from './conversion/convert-file.js';
export type { ConverterPlugin, OnnxNetwork, ProductWeight, WeightKernel } from './conversion/converter-plugin.js';
export { givenInputs } from './conversion/given-inputs.js';
export { modelFiles, type ModelFile } from './conversion/model-files.js';
export { pruningOf, type Pruning } from './conversion/prune-network.js';
export type { StoredPrecision } from './conversion/quantize-weights.js';
export { torchNetwork, type TorchNetwork } from './conversion/torch-network.js';
export { FormatError } from './format-error.js';
export type {
  OnnxAttributeMessage,
  OnnxGraphMessage,
  OnnxNodeMessage,
  OnnxTensorMessage,
  OnnxValueMessage,
} from './onnx/messages.js';
export { readOnnx, type OnnxModel } from './onnx/read-onnx.js';
export {
  PickleDict,
  PickleGlobal,
  PickleList,
  PickleObject,
  PickleSet,
  PickleTuple,
  type PickleValue,
} from './torch/pickle/values.js';
export {
  loadTorchWeights,
  type LoadedTorchWeights,
  type LoadTorchOptions,
  type TorchPairing,
} from './torch-weights/load-torch-weights.js';
export { torchModules, type TorchModule, type TorchParameter } from './torch-weights/torch-module.js';
export type { WeightSource, WeightSources } from './torch-weights/weight-sources.js';
export { biasOf, permuted, type TorchRule } from './torch-weights/torch-rule.js';
export { readTflite } from './tflite/read-tflite.js';
export {
  readExport,
  type ExportedArgument,
  type ExportedGraph,
  type ExportedInput,
  type ExportedNode,
  type ExportedProgram,
} from './torch/read-export.js';
export type { GivenInputs } from './torch/script/script-inputs.js';
export { SemiStructuredTensor } from './torch/semi-structured.js';
export {
  chooseArchitecture,
  type Architecture,
  type BuiltNetwork,
  type ChosenArchitecture,
} from './architectures/architecture.js';
export { builtNetwork } from './architectures/built-network.js';
export { ModuleTree } from './architectures/module-tree.js';
export { resnetArchitecture } from './architectures/resnet.js';
export { compareOutputs, type Comparison } from './verification/compare-outputs.js';
export type { NamedTensors } from './verification/named-tensors.js';
export {
  openSavedModel,
  runSavedModel,
  type ModelOutput,
  type SavedInput,
  type SavedModel,
} from './verification/run-saved-model.js';
