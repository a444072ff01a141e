import { simulateScan } from '@tfjs-sparse/lidar-minkunet';
import type { BenchContext } from './bench.js';

/** A recorded LiDAR scan in the data folder: float32 rows that start with x, y, z in metres. */
export interface Frame {
  readonly name: string;
  readonly path: string;
  readonly floatsPerPoint: number;
}

export const frames: readonly Frame[] = [
  { name: 'semantickitti', path: 'lidar/semantickitti_00_000000.bin', floatsPerPoint: 4 },
  { name: 'kitti', path: 'lidar/kitti_odom00_000000_xyz.bin', floatsPerPoint: 3 },
  { name: 'nuscenes', path: 'lidar/nuscenes_n015_1532402927647951.pcd.bin', floatsPerPoint: 5 },
];

/** A scan of the simulator of lidar-minkunet, which needs no data: 123,000 points with the statistics of a street. */
export const simulatedFrame: Frame = { name: 'simulated', path: '', floatsPerPoint: 3 };

export async function readPoints(context: BenchContext, frame: Frame): Promise<Float32Array> {
  if (frame === simulatedFrame) return simulateScan(1).points;
  return new Float32Array(await context.readData(frame.path));
}
