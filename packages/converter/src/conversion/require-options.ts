import { kindOf, requireObject, requireOptions, requireRange, requireType } from '@tfjs-sparse/core';
import type { ConvertFileOptions } from './convert-file.js';
import type { ConverterPlugin } from './converter-plugin.js';
import { precisions } from './quantize-weights.js';

const op = 'convertFile';
const names: readonly (keyof ConvertFileOptions)[] = ['plugins', 'architecture', 'settings', 'inputs', 'pruning', 'precision']; // prettier-ignore

/** @throws TypeError for options of other names and kinds, RangeError for values that they cannot have */
export function requireConvertOptions(options: ConvertFileOptions): void {
  requireOptions(op, options, names);
  const { plugins = [], architecture, settings, inputs, pruning, precision } = options;
  requireType(Array.isArray(plugins), op, 'plugins must be a list', kindOf(plugins));
  for (const plugin of plugins) {
    const isPlugin = typeof (plugin as Partial<ConverterPlugin> | null)?.name === 'string';
    requireType(isPlugin, op, "plugins must be converterPlugin of packages' /convert", kindOf(plugin));
  }
  const isName = architecture === undefined || typeof architecture === 'string';
  requireType(isName, op, 'architecture must be the name of one', kindOf(architecture));
  if (settings !== undefined) requireObject(op, 'settings', settings);
  if (inputs !== undefined) requireInputs(inputs);
  if (pruning !== undefined) {
    const { share, n, m } = Object(pruning) as { share?: unknown; n?: unknown; m?: unknown };
    const isPruning = typeof share === 'number' || (typeof n === 'number' && typeof m === 'number');
    requireType(isPruning, op, 'pruning must be { share } or { n, m }', kindOf(pruning));
  }
  const isPrecision = precision === undefined || precisions.includes(precision);
  requireRange(isPrecision, op, `precision must be one of ${precisions.join(', ')}`, precision);
}

function requireInputs(inputs: NonNullable<ConvertFileOptions['inputs']>): void {
  requireObject(op, 'inputs', inputs);
  for (const [name, input] of Object.entries(inputs)) {
    const { shape } = Object(input) as { shape?: unknown };
    const isLength = (length: unknown) => length === null || (Number.isSafeInteger(length) && Number(length) >= 0);
    const isShape = Array.isArray(shape) && shape.every(isLength);
    requireType(isShape, op, `inputs.${name} must be like { shape: [null, 3, 224, 224] }`, kindOf(input));
  }
}
