import { readCheckpoint } from '../checkpoint/read-checkpoint.js';
import { summarize } from '../checkpoint/tensor-summary.js';
import { parsed, type Command } from './command.js';
import { withSource } from './open-source.js';

/** Lists what a checkpoint holds. */
export const tensorsCommand: Command = {
  summary: 'lists the tensors of a checkpoint',

  help: `tfjs-sparse tensors IN [--json]

Lists the tensors of a checkpoint with dtype, shape, share of zeros and hash. IN is a file or a URL: .pt, .pth (zip files
and old streams of torch, whole modules, TorchScript), .pt2 (torch.export), .safetensors, .safetensors.index.json, .onnx,
.tflite. Nothing in it is executed.

  --json   one {path, dtype, shape, sha256, sparsity} a line; the hash is that of the row-major little-endian bytes

  tfjs-sparse tensors model.pt
  tfjs-sparse tensors https://example.org/model.safetensors --json`,

  async run(args) {
    const { values, positionals } = parsed(args, { json: { type: 'boolean', default: false } } as const, ['IN']);
    await withSource(positionals[0], async (source) => {
      const { tensors } = await readCheckpoint(source);
      const width = Math.max(0, ...tensors.map(({ path }) => path.length));
      for (const { path, tensor } of tensors) {
        const { dtype, shape, sha256, sparsity } = await summarize(tensor);
        if (values.json) console.log(JSON.stringify({ path, dtype, shape, sha256, sparsity }));
        else console.log(row(path.padEnd(width), dtype, shape, sparsity, sha256));
      }
    });
  },
};

function row(path: string, dtype: string, shape: readonly number[], sparsity: number, sha256: string): string {
  const zeros = `${(100 * sparsity).toFixed(1)} % zeros`;
  return `${path}  ${dtype.padEnd(9)} ${`[${shape.join(', ')}]`.padEnd(20)} ${zeros.padStart(13)}  ${sha256.slice(0, 12)}`;
}
