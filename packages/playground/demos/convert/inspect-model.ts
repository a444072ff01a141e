import {
  inspectCheckpoint,
  patternText,
  resnetArchitecture,
  torchNetwork,
  type ByteSource,
  type Checkpoint,
  type InspectedTensor,
  type WeightPicture,
} from '@tfjs-sparse/converter/checkpoints';
import { bytesText } from '../../src/numbers.js';
import { plugins } from './plugins.js';
import type { CellPicture, FoundNetwork, Totals, WeightRow } from './tasks.js';

const architectures = [resnetArchitecture, ...plugins.flatMap((plugin) => plugin.architectures ?? [])];
const reportMs = 200; // between two reports

/** What a checkpoint holds. */
export interface InspectedModel {
  readonly weights: readonly WeightRow[];
  readonly totals: Totals;
  /** Of the weights with zeros. */
  readonly pictures: readonly WeightPicture[];
}

/** Looks at all tensors, which are read in parts. */
export async function inspectModel(
  checkpoint: Checkpoint,
  report: (text: string, share: number) => void,
): Promise<InspectedModel> {
  const count = checkpoint.tensors.length;
  const weights: WeightRow[] = [];
  const pictures: WeightPicture[] = [];
  let totals: Totals = { elements: 0, zeros: 0, bytes: 0, bytesAfter: 0 };
  let reported = performance.now();
  for await (const row of inspectCheckpoint(checkpoint, plugins)) {
    weights.push(rowOf(row));
    if (row.picture) pictures.push(row.picture);
    totals = {
      elements: totals.elements + row.elements,
      zeros: totals.zeros + Math.round(row.sparsity * row.elements),
      bytes: totals.bytes + row.bytes,
      bytesAfter: totals.bytesAfter + (row.isMask ? 0 : (row.kernel?.bytes ?? row.bytes)),
    };
    if (performance.now() - reported < reportMs) continue;
    reported = performance.now();
    report(`Looking at weights: ${weights.length} of ${count}`, weights.length / count);
  }
  return { weights, totals, pictures };
}

/** Whether a file says its network, else whose weights it has. */
export async function findNetwork(source: ByteSource, checkpoint: Checkpoint): Promise<FoundNetwork> {
  const names = architectures.map(({ name }) => name);
  const ofFile = { isInFile: true, architecture: null, asksInputs: false, architectures: names };
  const isInFile = ['onnx', 'tflite', 'tfjs', 'torch export'].includes(checkpoint.format);
  if (isInFile) return { ...ofFile, reason: 'the file says its network' };
  const ofTorch = await torchNetwork(source, checkpoint);
  if (ofTorch) return { ...ofFile, reason: ofTorch.note, asksInputs: true };
  const found = architectures.flatMap((architecture) => {
    const reason = architecture.recognise(checkpoint);
    return reason === null ? [] : [{ name: architecture.name, reason }];
  });
  const ofWeights = { isInFile: false, architecture: null, asksInputs: false, architectures: names };
  if (found.length === 1) return { ...ofWeights, architecture: found[0].name, reason: found[0].reason };
  const several = `weights of ${found.map(({ name }) => name).join(' or ')}`;
  const none = `weights alone, and not those of ${names.join(', ')}`;
  return { ...ofWeights, reason: found.length > 0 ? several : none };
}

function rowOf(row: InspectedTensor): WeightRow {
  const { path, dtype, shape, layout, bytes, elements, sparsity, pattern, kernel, picture } = row;
  const said = [row.isMask && 'a mask', layout, patternText(pattern)].filter(Boolean).join(', ');
  const time = kernel && `${kernel.relativeTime.toFixed(2)} of the dense time`;
  const becomes = kernel ? `${kernel.kernel} (${kernel.pattern}, ${bytesText(kernel.bytes)}, ${time})` : '';
  return { path, dtype, shape, bytes, elements, sparsity, said, kernel: becomes, picture: picture && cellsOf(picture) };
}

function cellsOf({ cells }: WeightPicture): CellPicture {
  const shares = Uint8Array.from(cells.flat(), (share) => Math.ceil(255 * share)); // no cell with a value is 0
  return { rows: cells.length, columns: cells[0].length, shares };
}
