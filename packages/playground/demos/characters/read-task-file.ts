import type { Fit, InputFile, OptionValues } from '../../src/demo.js';
import { beginningOf, requireText } from '../../src/files/decoded-text.js';
import { requireFile } from '../../src/files/require-file.js';
import { samplePassages } from './sample-passages.js';
import type { Task } from './tasks.js';

type Config = Readonly<Record<string, unknown>>;

/** Texts by their name and because they have letters or other signs: wafer maps come as .txt too, of digits. */
export function fitOf({ name, contents }: InputFile): Fit {
  if (/\.(safetensors|json|pt|pth|ckpt)$/i.test(name)) return 'surely'; // PyTorch's to say how they are converted
  if (!/\.txt$/i.test(name)) return 'no';
  const beginning = beginningOf(contents);
  if (/[A-Za-z]{3}/.test(beginning)) return 'surely';
  return /[^\s\d,;.+-]/.test(beginning) ? 'perhaps' : 'no';
}

/**
 * A text, an autoencoder or its configuration.
 *
 * @param config of autoencoders
 * @throws RangeError that says what is wrong with the file
 */
export function readTaskFile({ name, contents }: InputFile, config: Config): Task {
  const source = { file: name, index: 0 };
  if (/\.safetensors$/i.test(name)) {
    return { task: 'open', name, source, contents, config, text: samplePassages.map(({ text }) => text).join('\n') };
  }
  if (/\.json$/i.test(name))
    return { task: 'configure', name, source, config: parsedConfig('a .json file', requireText(contents)) };
  requireName(name);
  const text = requireText(contents);
  requireFile(text.trim() !== '', 'a text must have a letter', 'none');
  return { task: 'read', name, source, text, kind: 'topk' };
}

/** The value of --sae-config; of several the last. @throws RangeError unless it is a JSON object */
export function configIn({ 'sae-config': given }: OptionValues): Config {
  const text = given?.at(-1);
  return text === undefined ? {} : parsedConfig('start: --sae-config', text);
}

/** @param subject of the message about what is no configuration */
function parsedConfig(subject: string, text: string): Config {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  requireFile(isObject, `${subject} must be a JSON object, the cfg.json of an autoencoder`, text.slice(0, 40));
  return value as Config;
}

function requireName(name: string): void {
  const isPyTorch = /\.(pt|pth|bin|ckpt|npz)$/i.test(name);
  const rule = isPyTorch
    ? 'the name must end in .safetensors (save the tensors of a PyTorch file with safetensors.torch.save_file)'
    : 'the name must end in .txt, .safetensors or .json';
  requireFile(/\.txt$/i.test(name), rule, name);
}
