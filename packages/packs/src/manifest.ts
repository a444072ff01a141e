import { requireRange } from '@tfjs-sparse/core';
import { finite, integer, jsonObject, list, object, oneOf, optional, text, type Place } from './schema.js';

const maxFiles = 1000;
/** A pack's files are held in memory: together at most 1 GiB. */
const maxPackBytes = 2 ** 30;

// Names within the folder: no '..', no absolute path, no drive or scheme, nothing that a URL would read differently.
const relativePath = /^(?!manifest\.json$)[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/;

const packFile = object({
  path: text(relativePath, "a path inside the pack's folder (letters, digits, . _ - and /)"),
  bytes: integer(0, maxPackBytes),
  sha256: text(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
  role: oneOf('model', 'weights', 'golden', 'novelty'),
});

const manifestReader = object({
  formatVersion: oneOf(1),
  name: text(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and -'),
  version: text(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, 'a version such as 1.0.0'),
  task: text(),
  description: text(),
  input: jsonObject,
  outputs: list(jsonObject, { minimum: 1 }),
  labels: list(text()),
  licence: text(),
  citations: list(text()),
  trainingData: text(),
  quality: jsonObject,
  /** Inputs whose negative log density is above the threshold are unlike the training data. */
  novelty: optional(object({ threshold: finite })),
  files: list(packFile, { minimum: 2, maximum: maxFiles }),
  /** Packages that bring the model's layer classes. */
  plugins: list(text(/^(@[a-z0-9-]+\/)?[a-z0-9-]+$/, 'the name of an npm package')),
});

/** What a pack's manifest.json says. */
export type PackManifest = ReturnType<typeof manifestReader>;

export type PackFile = ReturnType<typeof packFile>;

/**
 * Checks a parsed manifest.json.
 *
 * @param op begins the errors
 * @throws RangeError or TypeError that names the field, the rule and the value
 */
export function readManifest(json: unknown, op = 'loadPack'): PackManifest {
  const place: Place = { op, path: 'manifest' };
  const { formatVersion } = jsonObject(json, place);
  requireRange(
    formatVersion === 1,
    place.op,
    'manifest.formatVersion must be 1 (update @tfjs-sparse/packs for newer packs)',
    JSON.stringify(formatVersion),
  );
  const manifest = manifestReader(json, place);
  const { files, novelty } = manifest;
  const rule = (text: string, holds: boolean, value: unknown) =>
    requireRange(holds, place.op, `manifest.files must ${text}`, value);
  const countOf = (role: PackFile['role']) => files.filter((file) => file.role === role).length;
  const paths = files.map((file) => file.path);
  const repeated = paths.find((path, index) => paths.indexOf(path) < index);
  rule('have different paths', repeated === undefined, repeated);
  rule("have exactly one of role 'model'", countOf('model') === 1, countOf('model'));
  rule("have at least one of role 'weights'", countOf('weights') > 0, 0);
  const noveltyFiles = novelty ? 1 : 0;
  rule(
    `have ${noveltyFiles} of role 'novelty' (as manifest.novelty ${novelty ? 'exists' : 'is absent'})`,
    countOf('novelty') === noveltyFiles,
    countOf('novelty'),
  );
  rule(`be at most ${maxPackBytes} bytes together`, totalBytes(files) <= maxPackBytes, totalBytes(files));
  return manifest;
}

export function totalBytes(files: readonly PackFile[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}
