import { layerDefinition, tensorOperation } from '../cases/index.js';
import type { GoldenCase, GoldenLayer } from './golden-file.js';
import type { SparseOps } from './ops.js';

/** Why these ops cannot run the case: the first layer that needs an op of a later family, or null. */
export function notCovered(golden: GoldenCase, ops: SparseOps): string | null {
  if (golden.layers.length === 0) return 'has no list of layers that the harness could execute';
  for (const layer of golden.layers) {
    const brought = layerDefinition(layer.op) ?? tensorOperation(layer.op);
    const missing = brought ? null : laterOp(layer);
    if (missing) return `needs ${missing} (layer '${layer.name}'), which no op covers yet`;
    const needed = brought ? brought.needs : opOf(layer);
    if (needed && !ops[needed]) return `needs ${needed} (layer '${layer.name}'), which was not handed in`;
  }
  return null;
}

function laterOp(layer: GoldenLayer): string | null {
  if (layer.op === 'bn' && (layer.slope ?? 1) !== 1) return 'leaky rectifier after batch norm';
  return null;
}

function opOf(layer: GoldenLayer): keyof SparseOps | null {
  switch (layer.op) {
    case 'conv':
      return layer.output_set === 'same' ? 'submConv' : 'sparseConv';
    case 'linear':
      return 'submConv';
    case 'tconv':
      return layer.output_set?.startsWith('cached:') ? 'sparseInverseConv' : 'sparseConvTranspose';
    case 'depthwise':
      return layer.output_set === 'same' ? 'submDepthwiseConv' : 'sparseDepthwiseConv';
    case 'reduce_rows':
      return 'voxelize';
    case 'bn':
      return 'batchNorm';
    case 'dense':
      return 'toDense';
    case 'from_dense':
      return layer.mode === 'nonzero' ? 'fromDenseNonzero' : 'fromDense';
    default:
      return null;
  }
}
