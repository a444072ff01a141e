import { engine, io, tidy } from '@tensorflow/tfjs-core';
import { models, type LayersModel, type ModelAndWeightsConfig } from '@tensorflow/tfjs-layers';
import { elementBytes, requireRange } from '@tfjs-sparse/core';
import type { PackManifest } from './manifest.js';
import { jsonObject, list, parseJson, text, type Place } from './schema.js';

/** Builds the LayersModel of a pack from verified files. On failure no tensor is left behind. */
export async function loadModel(manifest: PackManifest, files: ReadonlyMap<string, ArrayBuffer>): Promise<LayersModel> {
  const { path } = manifest.files.find(({ role }) => role === 'model')!;
  const place: Place = { op: 'loadPack', path };
  const json = jsonObject(parseJson(files.get(path)!, place), place);
  const modelTopology = jsonObject(json.modelTopology, { ...place, path: `${path}: modelTopology` });
  const { specs, contents } = readWeights(json.weightsManifest, manifest, files, place);
  const model = await build(modelTopology, manifest, place);
  try {
    tidy(() => model.loadWeights(io.decodeWeights(contents, specs)));
  } catch (error) {
    model.dispose();
    throw new RangeError(`${place.op}: the weights must fit the layers of ${path}, got: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return model;
}

/** Weights and their descriptions, as the files of a pack hold them. */
export function readWeights(
  weightsManifest: unknown,
  { files: listed }: PackManifest,
  files: ReadonlyMap<string, ArrayBuffer>,
  { op, path }: Place,
): { specs: io.WeightsManifestEntry[]; contents: ArrayBuffer[] } {
  const weightPaths = listed.filter(({ role }) => role === 'weights').map((file) => file.path);
  const groups = list(jsonObject)(weightsManifest, { op, path: `${path}: weightsManifest` });
  const specs: io.WeightsManifestEntry[] = [];
  const contents: ArrayBuffer[] = [];
  groups.forEach((group, index) => {
    const at = `${path}: weightsManifest[${index}]`;
    for (const shard of list(text())(group.paths, { op, path: `${at}.paths` })) {
      const rule = `${at}.paths must be files of role 'weights' in the manifest (${weightPaths.join(', ')})`;
      requireRange(weightPaths.includes(shard), op, rule, shard);
      contents.push(files.get(shard)!);
    }
    specs.push(
      ...(list(jsonObject, { maximum: maxWeights })(group.weights, {
        op,
        path: `${at}.weights`,
      }) as unknown[] as io.WeightsManifestEntry[]),
    );
  });
  const byteCount = contents.reduce((total, shard) => total + shard.byteLength, 0);
  const expected = specs.reduce((total, spec) => total + byteCountOf(spec, op, path), 0);
  requireRange(
    byteCount === expected,
    op,
    `the weights that ${path} lists must have ${expected} bytes together`,
    byteCount,
  );
  return { specs, contents };
}

const maxWeights = 100_000;
const storedTypes: readonly string[] = ['float32', 'int32', 'bool', 'float16', 'uint16', 'uint8'];

/** Bytes of one weight in its file. */
function byteCountOf(spec: io.WeightsManifestEntry, op: string, path: string): number {
  const { name, shape, dtype, quantization } = spec;
  const stored = quantization?.dtype ?? dtype;
  requireRange(storedTypes.includes(stored), op, `${path}: weight ${name} must have a dtype of ${storedTypes}`, stored);
  const isShape = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  requireRange(isShape, op, `${path}: weight ${name} must have a shape of whole numbers`, shape);
  return shape.reduce((product, size) => product * size, elementBytes(spec));
}

async function build(
  modelTopology: Readonly<Record<string, unknown>>,
  { plugins }: PackManifest,
  { op, path }: Place,
): Promise<LayersModel> {
  const before = new Set(Object.keys(engine().state.registeredVariables));
  try {
    // tfjs builds all layers before this call returns its promise, so every variable that is new then is the model's.
    return await models.modelFromJSON({ modelTopology } as ModelAndWeightsConfig);
  } catch (error) {
    for (const [name, variable] of Object.entries(engine().state.registeredVariables)) {
      if (!before.has(name)) variable.dispose();
    }
    const unknownClass = /^Unknown \w+: (\w+)/.exec(messageOf(error))?.[1];
    if (!unknownClass)
      throw new RangeError(`${op}: ${path} must describe a LayersModel, got: ${messageOf(error)}`, { cause: error });
    const imports = plugins.map((plugin) => `import '${plugin}/layers'`).join('; ');
    throw new Error(
      `${op}: the class ${unknownClass} of ${path} must be registered${imports && ` (${imports})`}, got none`,
      {
        cause: error,
      },
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
