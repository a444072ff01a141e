import { readFile } from 'node:fs/promises';
import type { io } from '@tensorflow/tfjs-core';
import { FormatError } from '../format-error.js';
import { convertFile, type ConvertFileOptions } from '../conversion/convert-file.js';
import { givenInputs } from '../conversion/given-inputs.js';
import { pruningOf } from '../conversion/prune-network.js';
import type { NodeReport } from '../report.js';
import { bytesText } from './bytes-text.js';
import { parsed, UsageError, type Command } from './command.js';
import { installedPackages, type InstalledPackage } from './installed-packages.js';
import { requireFree, writeModelFolder } from './model-folder.js';
import { withSource } from './open-source.js';
import { startBackend } from './start-backend.js';

const options = {
  arch: { type: 'string' },
  settings: { type: 'string' },
  input: { type: 'string', multiple: true },
  quantize: { type: 'string' },
  prune: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** Makes a tfjs model of a network of another framework. */
export const convertCommand: Command = {
  summary: 'makes a tfjs model of a network or of the weights of a known one: ONNX, .pt2, TFLite, .pt, .safetensors',

  help: `tfjs-sparse convert IN OUT [--arch NAME] [--settings FILE] [--input NAME=LENGTHS] [--quantize float16|int8|int4]
                    [--prune 2:4|0.9] [--json]

Makes a tfjs model of the network in a file, with sparse operations where its weights hold enough zeros for them. OUT is a
folder with model.json and weights, which must not be there yet; it appears whole or not at all. IN is a file or a URL:
.onnx, .pt2, .tflite, a model.json of tfjs, TorchScript, a Sequential that was saved whole; or .pt, .pth, .safetensors with the
weights of a known network. Nothing in
it is executed. Sparse operations, layers and networks are those of the packages of tfjs-sparse that are installed where the
command runs; a page loads the model after importing them.

  --arch       the network whose weights these are: resnet, minkunet, second, voxelnext, dsvt, flatformer, ptv3, litept, sae;
               default the one that the names of the weights tell
  --settings   a JSON file with what no weight says, such as {"heads": 4} of dsvt, or cfg.json of an sae; default the
               published configuration's
  --input      the shape of an input that TorchScript or a whole module (input) does not say, once for each: x=1,3,224,224, with
               a type ids=int32:1,?; ? is a length that only a run knows
  --quantize   how weights are stored: float16 (half the size), int8 (a quarter), int4 (products run on codes of 4 bits in
               groups of 32 inputs, a sixth; other weights float16); default float32
  --prune      sets the smallest weights of products to 0 first, without training: n of m (2:4), or a share (0.9)
  --json       the report as one {name, op, shape, sparsity, pattern, kernel, reason} a line

  tfjs-sparse convert resnet20-pruned.onnx resnet20
  tfjs-sparse convert encoder.pt2 encoder --quantize float16
  tfjs-sparse convert scripted.pt scripted --input x=?,3,224,224
  tfjs-sparse convert minkunet34.pth minkunet
  tfjs-sparse convert mobilenet.onnx mobilenet --prune 0.8`,

  async run(args) {
    const { values, positionals } = parsed(args, options, ['IN', 'OUT']);
    const [file, folder] = positionals;
    const settings = {
      architecture: values.arch,
      settings: values.settings === undefined ? undefined : await jsonOf(values.settings),
      ...inputsOf(values.input),
      ...precisionOf(values.quantize),
      ...prunedBy(values.prune),
    };
    await requireFree(folder);
    await startBackend();
    const packages = await installedPackages();
    const plugins = packages.flatMap(({ plugin }) => plugin ?? []);
    const { artifacts, inputs, outputs, notes, report, pruned } = await withSource(file, (source) =>
      convertFile(source, { plugins, ...settings }),
    );
    await writeModelFolder(folder, artifacts);
    if (values.json) {
      for (const row of report) console.log(JSON.stringify(row));
      return;
    }
    for (const note of notes) console.log(note);
    for (const row of report) console.log(line(row));
    if (pruned.length > 0) console.log(`pruned: ${pruned.length} products`);
    const size = artifacts.weightSpecs?.length ? bytesText(byteLength(artifacts.weightData)) : '0 B';
    console.log(
      `${folder}: ${sparseText(report, artifacts, packages)}; weights ${size}; inputs ${inputs.join(', ')}; outputs ${outputs.join(', ')}`,
    );
    if (plugins.length === 0) console.log('no packages of tfjs-sparse are installed here: products stay dense');
  },
};

function sparseText(
  report: readonly NodeReport[],
  { modelTopology }: io.ModelArtifacts,
  packages: readonly InstalledPackage[],
): string {
  // prettier-ignore
  const count = report.filter(({ kernel }) => kernel !== null).length;
  const classes = layerClasses(modelTopology);
  const ours = classes.filter((name) => packages.some(({ brings }) => brings.includes(name))).length;
  if (count === 0 && ours > 0) return `${ours} of ${classes.length} layers are of tfjs-sparse`;
  return `${count} of ${report.length} operations run on kernels of tfjs-sparse`;
}

/** Of a layers model; none of a graph. */
function layerClasses(topology: unknown): string[] {
  const { model_config: whole, config, layers, class_name: name } = Object(topology) as Record<string, unknown>;
  if (whole !== undefined) return layerClasses(whole);
  const inner = Array.isArray(layers) ? layers : (Object(config) as { layers?: unknown }).layers;
  if (Array.isArray(inner)) return inner.flatMap(layerClasses);
  return typeof name === 'string' && name !== 'InputLayer' ? [name] : [];
}

function byteLength(data: unknown): number {
  return data instanceof ArrayBuffer ? data.byteLength : (data as ArrayBuffer[]).reduce((sum, each) => sum + each.byteLength, 0); // prettier-ignore
}

async function jsonOf(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, 'utf8');
  try {
    const json = JSON.parse(text) as unknown;
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  } catch (error) {
    throw new FormatError(`convert: ${path} must be JSON, got ${text.slice(0, 20)}`, { cause: error });
  }
  throw new FormatError(`convert: ${path} must be a JSON object, got ${text.slice(0, 20)}`);
}

function precisionOf(quantize: string | undefined): ConvertFileOptions {
  if (quantize === undefined) return {};
  if (quantize === 'float16' || quantize === 'int8' || quantize === 'int4') return { precision: quantize };
  throw new UsageError(`convert: quantize must be float16, int8 or int4, got ${quantize}`);
}

function inputsOf(texts: readonly string[] | undefined): ConvertFileOptions {
  return texts === undefined ? {} : { inputs: ofUsage(() => givenInputs(texts)) };
}

function prunedBy(prune: string | undefined): ConvertFileOptions {
  return prune === undefined ? {} : { pruning: ofUsage(() => pruningOf(prune)) };
}

/** What is wrong with an option is a mistake of usage. */
function ofUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function line({ name, op, shape, sparsity, pattern, kernel, reason }: NodeReport): string {
  const weights = shape ? `[${shape.join(', ')}]` : '';
  const zeros = sparsity === undefined ? '' : `${(100 * sparsity).toFixed(1)} % zeros`;
  const what = kernel === null ? `stays: ${reason}` : [kernel, pattern, reason].filter(Boolean).join(', ');
  return `  ${name.padEnd(32)} ${op.padEnd(14)} ${weights.padEnd(18)} ${zeros.padStart(13)}  ${what}`;
}
