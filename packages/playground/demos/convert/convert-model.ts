import {
  convertFile,
  givenInputs,
  modelFiles,
  openSavedModel,
  pruningOf,
  type ByteSource,
  type ConvertedFile,
  type ModelFile,
} from '@tfjs-sparse/converter/checkpoints';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { densePlugins, loadingText, plugins } from './plugins.js';
import type { Converted, ConvertSettings } from './tasks.js';

/** A tfjs model of a file, on kernels of the plugins. @throws RangeError for settings that do not fit */
export function convertModel(source: ByteSource, chosen: ConvertSettings): Promise<ConvertedFile> {
  const { pruning, precision } = chosen;
  return convertFile(source, {
    ...networkOf(chosen),
    plugins,
    ...(pruning && { pruning: pruningOf(pruning) }),
    ...(precision !== 'float32' && { precision }),
  });
}

/** The file's own network: dense, unpruned, in float32. */
export function denseModel(source: ByteSource, chosen: ConvertSettings): Promise<ConvertedFile> {
  return convertFile(source, { ...networkOf(chosen), plugins: densePlugins });
}

/** What became of a file, and the files of the model as one. */
export async function describeConverted(file: ConvertedFile, name: string, ms: number): Promise<Converted> {
  const { artifacts, notes, report, outputs, pruned } = file;
  const model = await openSavedModel(artifacts);
  const { inputs } = model;
  model.dispose();
  const weightBytes = [artifacts.weightData ?? []].flat().reduce((sum, { byteLength }) => sum + byteLength, 0);
  return {
    task: 'convert',
    kind: artifacts.format === 'layers-model' ? 'layers' : 'graph',
    notes,
    report: report.map(({ name: node, op, shape, sparsity, pattern, kernel, reason }) => ({
      name: node,
      op,
      shape: shape ?? null,
      sparsity: sparsity ?? null,
      kernel,
      said: [pattern, reason].filter(Boolean).join(', '),
    })),
    inputs,
    outputs,
    prunedCount: pruned.length,
    weightBytes,
    ms,
    loading: loadingText(artifacts),
    zip: { name: `${name.replace(/\.[^.]*$/, '') || 'model'}-tfjs.zip`, blob: zipOf(modelFiles(artifacts)) },
  };
}

/** Weights as they are: they hardly shrink. Each part becomes a blob at once, which the browser may keep on a disk. */
function zipOf(files: Iterable<ModelFile>): Blob {
  const parts: Blob[] = [];
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    parts.push(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  });
  for (const { name, bytes } of files) {
    const entry = name.endsWith('.json') ? new ZipDeflate(name) : new ZipPassThrough(name);
    zip.add(entry);
    entry.push(bytes, true);
  }
  zip.end();
  return new Blob(parts, { type: 'application/zip' });
}

function networkOf({ architecture, settings, inputs }: ConvertSettings) {
  return {
    architecture: architecture ?? undefined,
    settings: settings.trim() === '' ? undefined : objectOf(settings),
    inputs: inputs.trim() === '' ? undefined : givenInputs(inputs.trim().split(/[\s;]+/)),
  };
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  let json: unknown = null;
  try {
    json = JSON.parse(text);
  } catch {
    // said below
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  throw new RangeError(`settings must be a JSON object such as {"heads": 4}, got ${text.trim().slice(0, 40)}`);
}
