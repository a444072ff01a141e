import { writeFile } from 'node:fs/promises';
import { inspectCheckpoint, patternText, type InspectedTensor } from '../checkpoint/inspect-checkpoint.js';
import { readCheckpoint } from '../checkpoint/read-checkpoint.js';
import { sparsitySvg, type WeightPicture } from '../checkpoint/sparsity-picture.js';
import { bytesText } from './bytes-text.js';
import { parsed, type Command } from './command.js';
import { installedPlugins } from './installed-packages.js';
import { withSource } from './open-source.js';

const options = { json: { type: 'boolean', default: false }, svg: { type: 'string' } } as const;

/** Says what a checkpoint holds, how sparse it is, and what its weights would be in a page. */
export const inspectCommand: Command = {
  summary: 'shows the tree of a checkpoint: shapes, dtypes, zeros, and the kernel that each weight would get',

  help: `tfjs-sparse inspect IN [--json] [--svg FILE]

Shows what a checkpoint holds as a tree of modules: dtype, shape, bytes, share of zeros and how they lie (2:4, blocks of
rows, rows that are all 0), the kernel that a product would get by the packages of tfjs-sparse that are installed here, and
what its weights take then (of large weights by a part of their rows). IN is a file or a URL, as for tensors. Nothing in it is executed.

  --json   one {path, dtype, shape, layout, bytes, sparsity, pattern, kernel} a line
  --svg    writes a picture of where the weights with zeros are not 0

  tfjs-sparse inspect model.pt
  tfjs-sparse inspect resnet20-pruned.pt --svg resnet20.svg`,

  async run(args) {
    const { values, positionals } = parsed(args, options, ['IN']);
    const plugins = await installedPlugins();
    await withSource(positionals[0], async (source) => {
      const checkpoint = await readCheckpoint(source);
      const { format, tensors, metadata } = checkpoint;
      if (!values.json) console.log(`${source.name}: ${format}, ${tensors.length} tensors`);
      for (const [name, value] of values.json ? [] : metadata) console.log(`  ${name}: ${value}`);
      const pictures: WeightPicture[] = [];
      const tree = new ModuleTree();
      const totals = { bytes: 0, bytesAfter: 0, elements: 0, zeros: 0 };
      for await (const row of inspectCheckpoint(checkpoint, plugins, { hasPictures: values.svg !== undefined })) {
        totals.bytes += row.bytes;
        totals.bytesAfter += row.isMask ? 0 : (row.kernel?.bytes ?? row.bytes);
        totals.elements += row.elements;
        totals.zeros += row.sparsity * row.elements;
        if (row.picture) pictures.push(row.picture);
        if (values.json) console.log(JSON.stringify(jsonRow(row)));
        else for (const line of tree.lines(row.path, cells(row))) console.log(line);
      }
      if (values.svg !== undefined) await writeFile(values.svg, sparsitySvg(source.name, pictures));
      if (!values.json) console.log(summary(totals));
    });
  },
};

function jsonRow({ path, dtype, shape, layout, bytes, sparsity, pattern, kernel }: InspectedTensor) {
  return { path, dtype, shape, layout, bytes, sparsity, pattern, kernel };
}

function cells({ dtype, shape, layout, bytes, sparsity, pattern, kernel }: InspectedTensor): string[] {
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
