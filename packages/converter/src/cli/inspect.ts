import { BitmaskTensor } from '../checkpoint/bitmask-tensor.js';
import { QuantizedTensor } from '../checkpoint/quantized-tensor.js';
import { readCheckpoint, type CheckpointTensor } from '../checkpoint/read-checkpoint.js';
import { SparseCompressedTensor, SparseCooTensor } from '../checkpoint/sparse-tensors.js';
import { byteLengthOf, dtypeOf } from '../checkpoint/tensor-summary.js';
import { weightStatistics } from '../checkpoint/weight-statistics.js';
import type { ZeroPattern } from '../checkpoint/zero-patterns.js';
import { SemiStructuredTensor } from '../torch/semi-structured.js';
import { bytesText } from './bytes-text.js';
import { parsed, type Command } from './command.js';
import { withSource } from './open-source.js';

/** Says what a checkpoint holds and how sparse it is. */
export const inspectCommand: Command = {
  summary: 'shows the tree of a checkpoint: shapes, dtypes, zeros and their patterns',

  help: `tfjs-sparse inspect IN [--json]

Shows what a checkpoint holds as a tree of modules: dtype, shape, bytes, share of zeros and how they lie (2:4, blocks of
rows, rows that are all 0). IN is a file or a URL, as for tensors. Nothing in it is executed.

  --json   one {path, dtype, shape, layout, bytes, sparsity, pattern} a line

  tfjs-sparse inspect model.pt`,

  async run(args) {
    const { values, positionals } = parsed(args, { json: { type: 'boolean', default: false } } as const, ['IN']);
    await withSource(positionals[0], async (source) => {
      const { format, tensors, metadata } = await readCheckpoint(source);
      if (!values.json) console.log(`${source.name}: ${format}, ${tensors.length} tensors`);
      for (const [name, value] of values.json ? [] : metadata) console.log(`  ${name}: ${value}`);
      let shown: readonly string[] = [];
      const totals = { bytes: 0, elements: 0, zeros: 0 };
      for (const { path, tensor } of tensors) {
        const bytes = byteLengthOf(tensor);
        const elements = tensor.shape.reduce((product, length) => product * length, 1);
        const { zeros, pattern } = await weightStatistics(tensor);
        const sparsity = elements === 0 ? 0 : zeros / elements;
        totals.bytes += bytes;
        totals.elements += elements;
        totals.zeros += zeros;
        const [dtype, shape, layout] = [dtypeOf(tensor), tensor.shape, layoutOf(tensor)];
        if (values.json) {
          console.log(JSON.stringify({ path, dtype, shape, layout, bytes, sparsity, pattern }));
          continue;
        }
        const modules = path.split('.').slice(0, -1);
        const common = modules.findIndex((name, depth) => shown[depth] !== name);
        if (common >= 0 || modules.length < shown.length) {
          for (let depth = Math.max(common, 0); common >= 0 && depth < modules.length; depth++) {
            console.log(`${'  '.repeat(depth + 1)}${modules[depth]}`);
          }
          shown = modules;
        }
        const name = `${'  '.repeat(modules.length + 1)}${path.split('.').at(-1)}`;
        const cells = [
          name.padEnd(28),
          dtype.padEnd(9),
          `[${shape.join(', ')}]`.padEnd(20),
          bytesText(bytes).padStart(9),
        ];
        const zerosText = zeros > 0 ? `${(100 * sparsity).toFixed(1)} % zeros` : '';
        console.log([...cells, zerosText.padStart(13), layout ?? '', patternText(pattern)].join('  ').trimEnd());
      }
      if (values.json) return;
      const share = totals.elements === 0 ? 0 : (100 * totals.zeros) / totals.elements;
      console.log(
        `${totals.elements.toLocaleString('en')} numbers in ${bytesText(totals.bytes)}, ${share.toFixed(1)} % zeros`,
      );
    });
  },
};

/** How it is stored where that is not dense. */
function layoutOf(tensor: CheckpointTensor): string | null {
  if (tensor instanceof SparseCooTensor) return 'coo';
  if (tensor instanceof SparseCompressedTensor) return tensor.layout;
  if (tensor instanceof BitmaskTensor) return 'bitmask';
  if (tensor instanceof SemiStructuredTensor) return '2:4 packed';
  return tensor instanceof QuantizedTensor ? 'quantized' : null;
}

function patternText(pattern: ZeroPattern | null): string {
  if (!pattern) return '';
  const { groups, blockRows, zeroRows, nearly } = pattern;
  const near =
    nearly &&
    `nearly ${nearly.n}:${nearly.m} along axis ${nearly.axis}: ${nearly.broken} of ${nearly.groups} groups break it, the first at [${nearly.first.join(', ')}]`;
  return [
    groups && `${groups.n}:${groups.m} along axis ${groups.axis}`,
    blockRows > 1 && `blocks of ${blockRows} rows`,
    zeroRows > 0 && `${zeroRows} zero rows`,
    near,
  ]
    .filter(Boolean)
    .join(', ');
}
