export { colourOf, labels, unlabelled, type Colour, type Label } from './labels.js';
export {
  columnsRule,
  fewestColumns,
  fittingColumns,
  guessColumns,
  mostColumns,
  type ColumnGuess,
} from '@tfjs-sparse/packs';
export { lidarChannels, lidarFeatures, voxelSize, type PointsInVoxels } from './lidar-sample.js';
export type { PointColumns } from '@tfjs-sparse/packs';
export { farthestPoint } from './scan-points.js';
export { ScanSegmenter, segmentScan, type ScanOptions, type Segmentation, usualConfidence } from './scan-segmenter.js';
export { sharesOf } from './shares.js';
export { beamElevations, type Scan } from './simulator/scanner.js';
export { simulateScan } from './simulator/simulate-scan.js';
