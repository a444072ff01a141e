import { createHash } from 'node:crypto';
import { access, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { writeSafetensors, type SafetensorsTensor } from '@tfjs-sparse/core';
import { FormatError, requireFormat } from '../format-error.js';
import { compareOutputs } from '../verification/compare-outputs.js';
import type { NamedTensors } from '../verification/named-tensors.js';
import { runSavedModel, type ModelOutput } from '../verification/run-saved-model.js';
import { parsed, UsageError, type Command } from './command.js';
import { installedPackages, type InstalledPackage } from './installed-packages.js';
import { readModelFolder } from './model-folder.js';
import { modelCard } from './model-card.js';
import { startBackend } from './start-backend.js';
import { tensorsOf } from './tensor-file.js';

const options = {
  name: { type: 'string' },
  inputs: { type: 'string' },
  outputs: { type: 'string' },
  source: { type: 'string' },
  tolerance: { type: 'string', default: '1e-4' },
  'spatial-shape': { type: 'string' },
} as const;

/** Makes a model pack of a converted model. */
export const packCommand: Command = {
  summary: 'makes a model pack of a converted model: manifest, hashes, golden, card',

  help: `tfjs-sparse pack OUT --inputs x.safetensors --outputs y.safetensors --source TEXT [--name NAME] [--tolerance 1e-4]

Makes a pack of the model in a folder that convert wrote: manifest.json with the size and sha256 of every file,
golden.safetensors with the given inputs and outputs, which conformance compares on every backend, and README.md, a card whose
gaps you fill in. The model is compared first, as verify does; nothing is written where it does not give the outputs.
loadPack of @tfjs-sparse/packs (loadGraphPack for graphs) opens it.

  --inputs, --outputs   what the network was given elsewhere and gave
  --source              where these outputs are from, such as "PyTorch 2.15, float32, CPU"
  --name                lower-case letters, digits and -; default the folder's
  --tolerance           the largest error, relative above 1; default 1e-4

  tfjs-sparse pack resnet20 --inputs x.safetensors --outputs y.safetensors --source "PyTorch 2.15"`,

  async run(args) {
    const { values, positionals } = parsed(args, options, ['OUT']);
    const [folder] = positionals;
    const { inputs, outputs, source, tolerance } = values;
    if (!inputs || !outputs || !source) throw new UsageError('pack: --inputs, --outputs and --source must be given, got fewer'); // prettier-ignore
    const name = values.name ?? basename(resolve(folder)).toLowerCase();
    const isName = /^[a-z0-9][a-z0-9-]*$/.test(name);
    if (!isName) throw new UsageError(`pack: name must be of lower-case letters, digits and -, got ${name}`);
    for (const file of ['manifest.json', 'golden.safetensors', 'README.md']) await requireAbsent(join(folder, file));
    await startBackend();
    const packages = await installedPackages();
    const artifacts = await readModelFolder(folder);
    const [given, wanted] = [await tensorsOf(inputs), await tensorsOf(outputs)];
    const made = await runSavedModel(artifacts, given, values['spatial-shape']?.split(',').map(Number));
    const worst = Math.max(...compareOutputs(made, wanted, given).map(({ maxError }) => maxError));
    requireFormat(worst <= Number(tolerance), 'pack', `outputs must be within ${tolerance}`, worst);
    const golden = writeSafetensors(goldenTensors(given, wanted, made), [['source', source]]);
    const plugins = pluginsOf(artifacts, packages);
    const files = await describedFiles(folder, golden);
    const manifest = manifestOf(name, given, made, plugins, files);
    await writeAll(folder, {
      'golden.safetensors': golden,
      'README.md': modelCard({ name, plugins, isGraph: artifacts.format !== 'layers-model', source, worst }),
      'manifest.json': `${JSON.stringify(manifest, null, 2)}\n`,
    });
    console.log(`${folder}: pack ${name}, outputs within ${worst.toExponential(1)}; fill in what README.md and manifest.json leave open`); // prettier-ignore
  },
};

async function requireAbsent(path: string): Promise<void> {
  const isThere = await access(path).then(() => true, () => false); // prettier-ignore
  if (isThere) throw new FormatError(`pack: ${path} must not be there yet, got a file`);
}

/** Outputs in the model's order of rows. */
function goldenTensors(
  given: NamedTensors,
  wanted: NamedTensors,
  made: readonly ModelOutput[],
): Map<string, SafetensorsTensor> {
  const inputs = [...given].map(([name, tensor]) => [`in_${name}`, tensor] as const);
  const named = [...wanted].filter(([name]) => name !== 'sites');
  const outputs = made.slice(0, named.length).map(({ name, shape }, i) => {
    const found = wanted.get(name) ?? named[i][1];
    return [name, { ...found, shape }] as const;
  });
  return new Map([...inputs, ...outputs]);
}

/** Packages that bring the ops or layers of a model. */
function pluginsOf({ modelTopology }: io.ModelArtifacts, packages: readonly InstalledPackage[]): string[] {
  const names = new Set(JSON.stringify(modelTopology).match(/"(?:op|class_name)":\s*"[^"]+"/g)?.map((pair) => pair.replace(/.*"([^"]+)"$/, '$1'))); // prettier-ignore
  return packages.filter(({ brings }) => brings.some((each) => names.has(each))).map(({ name }) => name);
}

interface DescribedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly role: 'model' | 'weights' | 'golden';
}

async function describedFiles(folder: string, golden: Uint8Array): Promise<DescribedFile[]> {
  const described = (path: string, role: DescribedFile['role'], contents: Uint8Array): DescribedFile => {
    return { path, bytes: contents.length, sha256: createHash('sha256').update(contents).digest('hex'), role };
  };
  const model = await readFile(join(folder, 'model.json'));
  const { weightsManifest } = JSON.parse(model.toString()) as io.ModelJSON;
  const shards = weightsManifest.flatMap(({ paths }) => paths);
  const weights = await Promise.all(shards.map(async (path) => described(path, 'weights', await readFile(join(folder, path))))); // prettier-ignore
  return [described('model.json', 'model', model), ...weights, described('golden.safetensors', 'golden', golden)];
}

const open = 'to be written';

function manifestOf(
  name: string,
  given: NamedTensors,
  made: readonly ModelOutput[],
  plugins: readonly string[],
  files: readonly DescribedFile[],
): object {
  const input = Object.fromEntries([...given].map(([key, { dtype, shape }]) => [key, `${dtype} [batch, ${shape.slice(1).join(', ')}]`])); // prettier-ignore
  const outputs = made.map(({ name: output, shape }) => ({ name: output, shape: [null, ...shape.slice(1)] }));
  const texts = { task: open, description: open, licence: open, trainingData: open };
  return { formatVersion: 1, name, version: '1.0.0', ...texts, input, outputs, labels: [], citations: [], quality: {}, files, plugins }; // prettier-ignore
}

/** The manifest last, so that a pack is there once all of it is. */
async function writeAll(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, contents] of Object.entries(files)) await writeFile(join(folder, `${name}.part`), contents);
  for (const name of Object.keys(files)) await rename(join(folder, `${name}.part`), join(folder, name));
}
