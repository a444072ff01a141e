import { BitmaskTensor } from '../checkpoint/bitmask-tensor.js';
import { QuantizedTensor } from '../checkpoint/quantized-tensor.js';
import { readCheckpoint, type CheckpointTensor } from '../checkpoint/read-checkpoint.js';
import { SparseCompressedTensor, SparseCooTensor } from '../checkpoint/sparse-tensors.js';
import { byteLengthOf, dtypeOf } from '../checkpoint/tensor-summary.js';
import { weightStatistics } from '../checkpoint/weight-statistics.js';
import type { ZeroPattern } from '../checkpoint/zero-patterns.js';
import { SemiStructuredTensor } from '../torch/semi-structured.js';
import { writeFile } from 'node:fs/promises';
import type { ConverterPlugin, WeightKernel } from '../conversion/converter-plugin.js';
import { productWeight } from '../checkpoint/product-weight.js';
import { pictureOf, sparsitySvg, type WeightPicture } from '../checkpoint/sparsity-picture.js';
import { installedPlugins } from './installed-packages.js';
import { bytesText } from './bytes-text.js';
import { parsed, type Command } from './command.js';
import { withSource } from './open-source.js';

const options = { json: { type: 'boolean', default: false }, svg: { type: 'string' } } as const;

/** Says what a checkpoint holds, how sparse it is, and what its weights would be in a page. */
export const inspectCommand: Command = {
  summary: 'shows the tree of a checkpoint: shapes, dtypes, zeros, and the kernel that each weight would get',

  help: `tfjs-sparse inspect IN [--json] [--svg FILE]

Shows what a checkpoint holds as a tree of modules: dtype, shape, bytes, share of zeros and how they lie (2:4, blocks of
rows, rows that are all 0), the kernel that a product would get by the packages of tfjs-sparse that are installed here, and
what its weights take then. IN is a file or a URL, as for tensors. Nothing in it is executed.

  --json   one {path, dtype, shape, layout, bytes, sparsity, pattern, kernel} a line
  --svg    writes a picture of where the weights with zeros are not 0

  tfjs-sparse inspect model.pt
  tfjs-sparse inspect resnet20-pruned.pt --svg resnet20.svg`,

  async run(args) {
    const { values, positionals } = parsed(args, options, ['IN']);
    const plugins = await installedPlugins();
    await withSource(positionals[0], async (source) => {
      const { format, tensors, metadata } = await readCheckpoint(source);
      if (!values.json) console.log(`${source.name}: ${format}, ${tensors.length} tensors`);
      for (const [name, value] of values.json ? [] : metadata) console.log(`  ${name}: ${value}`);
      const pictures: WeightPicture[] = [];
      const tree = new ModuleTree();
      const totals = { bytes: 0, bytesAfter: 0, elements: 0, zeros: 0 };
      const all = new Map(tensors.map(({ path, tensor }) => [path, tensor]));
      for (const { path, tensor } of tensors) {
        const isMask = all.has(path.replace(/_mask$/, '_orig')) && path.endsWith('_mask');
        const mask = path.endsWith('_orig') ? all.get(path.replace(/_orig$/, '_mask')) : undefined;
        const row = await inspected(path, tensor, isMask ? null : { plugins, mask, pictures });
        totals.bytes += row.bytes;
        totals.bytesAfter += isMask ? 0 : (row.kernel?.bytes ?? row.bytes);
        totals.elements += row.elements;
        totals.zeros += row.sparsity * row.elements;
        if (values.json) console.log(JSON.stringify({ ...row, elements: undefined }));
        else for (const line of tree.lines(path, cells(row))) console.log(line);
      }
      if (values.svg !== undefined) await writeFile(values.svg, sparsitySvg(source.name, pictures));
      if (!values.json) console.log(summary(totals));
    });
  },
};

interface Inspected {
  readonly path: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly layout: string | null;
  readonly bytes: number;
  readonly elements: number;
  readonly sparsity: number;
  readonly pattern: ZeroPattern | null;
  readonly kernel: WeightKernel | null;
}

const fewestZeros = 0.12; // below, no kernel of sparse weights is faster than the dense one

/** What is asked of a weight. */
interface WeightQuestions {
  readonly plugins: readonly ConverterPlugin[];
  /** Of torch.nn.utils.prune. */
  readonly mask: CheckpointTensor | undefined;
  /** Takes a picture of it. */
  readonly pictures: WeightPicture[];
}

/** @param questions null for a mask, which belongs to another */
async function inspected(
  path: string,
  tensor: CheckpointTensor,
  questions: WeightQuestions | null,
): Promise<Inspected> {
  const { shape } = tensor;
  const elements = shape.reduce((product, length) => product * length, 1);
  const { zeros, pattern } = await weightStatistics(tensor);
  const sparsity = elements === 0 ? 0 : zeros / elements;
  const isSparse = questions !== null && (sparsity >= fewestZeros || questions.mask !== undefined);
  const weight = isSparse ? await productWeight(tensor, questions.mask) : null;
  const kernels = weight ? questions!.plugins.map(({ kernelOf }) => kernelOf?.(weight) ?? null) : [];
  if (weight) questions!.pictures.push(pictureOf(path, shape, weight));
  const [dtype, layout, bytes] = [dtypeOf(tensor), layoutOf(tensor), byteLengthOf(tensor)];
  const kernel = kernels.find((each) => each !== null) ?? null;
  return { path, dtype, shape, layout, bytes, elements, sparsity, pattern, kernel };
}

function cells({ dtype, shape, layout, bytes, sparsity, pattern, kernel }: Inspected): string[] {
  const zeros = sparsity > 0 ? `${(100 * sparsity).toFixed(1)} % zeros` : '';
  const becomes = kernel && `${kernel.kernel} (${kernel.pattern}, ${bytesText(kernel.bytes)}, ${kernel.relativeTime.toFixed(2)} of the dense time)`; // prettier-ignore
  return [
    dtype.padEnd(9),
    `[${shape.join(', ')}]`.padEnd(20),
    bytesText(bytes).padStart(9),
    zeros.padStart(13),
    [layout, patternText(pattern), becomes].filter(Boolean).join(', '),
  ];
}

function summary({
  bytes,
  bytesAfter,
  elements,
  zeros,
}: Readonly<Record<'bytes' | 'bytesAfter' | 'elements' | 'zeros', number>>): string {
  const share = elements === 0 ? 0 : (100 * zeros) / elements;
  const after = bytesAfter < bytes ? `, ${bytesText(bytesAfter)} with sparse kernels` : '';
  return `${elements.toLocaleString('en')} numbers in ${bytesText(bytes)}${after}, ${share.toFixed(1)} % zeros`;
}

/** Names modules once, above what is in them. */
class ModuleTree {
  #shown: readonly string[] = [];

  lines(path: string, row: readonly string[]): string[] {
    const modules = path.split('.').slice(0, -1);
    const common = modules.findIndex((name, depth) => this.#shown[depth] !== name);
    const opened = common < 0 ? [] : modules.slice(common).map((name, i) => `${'  '.repeat(common + i + 1)}${name}`);
    if (opened.length > 0 || modules.length < this.#shown.length) this.#shown = modules;
    const name = `${'  '.repeat(modules.length + 1)}${path.split('.').at(-1)}`;
    return [...opened, [name.padEnd(28), ...row].join('  ').trimEnd()];
  }
}

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
