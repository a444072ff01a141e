export * from './convolution.js';
export * from './fold-batch-normalization.js';
export { minkUNet, type MinkUNetOptions } from './mink-u-net.js';
export { residualBlock, type ResidualBlockOptions } from './residual-block.js';
export { secondEncoder, type SecondEncoderOptions } from './second-encoder.js';
export { voxelNeXt, type VoxelNeXtOptions } from './voxel-next.js';
export { uNetStage, type UNetStageOptions } from './u-net-stage.js';
