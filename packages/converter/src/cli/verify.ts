import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { dispose, io, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { readSafetensors, type SafetensorsTensor } from '@tfjs-sparse/core';
import { readFile } from 'node:fs/promises';
import { FormatError, requireFormat } from '../format-error.js';
import { parsed, UsageError, type Command } from './command.js';
import { installedPlugins } from './installed-packages.js';
import { readModelFolder } from './model-folder.js';
import { startBackend } from './start-backend.js';

const options = {
  inputs: { type: 'string' },
  outputs: { type: 'string' },
  backend: { type: 'string' },
  tolerance: { type: 'string', default: '1e-4' },
  json: { type: 'boolean', default: false },
} as const;

/** Compares what a converted model gives with what its network gave. */
export const verifyCommand: Command = {
  summary: 'runs a converted model on inputs and compares its outputs with given ones',

  help: `tfjs-sparse verify OUT --inputs x.safetensors --outputs y.safetensors [--backend wasm|cpu] [--tolerance 1e-4] [--json]

Runs the model of a folder that convert wrote on inputs and compares its outputs with those that the network gave elsewhere
(torch: safetensors.torch.save_file({"input": x}, "x.safetensors")). Names are those of the model's inputs and outputs; one
alone may have any name. Errors are relative for values above 1. Exit code 1 where one is above the tolerance.

  --backend     default wasm where it is installed
  --tolerance   the largest error; default 1e-4
  --json        one {output, shape, maxError, isWithin} a line

  tfjs-sparse verify resnet20 --inputs x.safetensors --outputs y.safetensors`,

  async run(args) {
    const { values, positionals } = parsed(args, options, ['OUT']);
    if (!values.inputs || !values.outputs)
      throw new UsageError('verify: --inputs and --outputs must be given, got none');
    const tolerance = Number(values.tolerance);
    if (!(tolerance >= 0)) throw new UsageError(`verify: tolerance must be a number, got ${values.tolerance}`);
    await startBackend(values.backend);
    await installedPlugins();
    const [given, wanted] = await Promise.all([values.inputs, values.outputs].map(tensorsOf));
    const model = await loadGraphModel(io.fromMemory(await readModelFolder(positionals[0])));
    const signature = (model.modelSignature ?? {}) as { inputs?: object; outputs?: object };
    const names = {
      inputs: namesOf(signature.inputs, model.inputs),
      outputs: namesOf(signature.outputs, model.outputs),
    };
    const inputs = tensorsFor('inputs', names.inputs, given);
    const made = [model.execute(inputs, names.outputs)].flat();
    const rows = await Promise.all(
      names.outputs.map((output, i) => compared(output, made[i], byName('outputs', names.outputs, wanted, output))),
    );
    dispose([...made, ...Object.values(inputs)]);
    model.dispose();
    for (const row of rows) {
      const isWithin = row.maxError <= tolerance;
      if (values.json) console.log(JSON.stringify({ ...row, isWithin }));
      else console.log(`${row.output} [${row.shape.join(', ')}]: largest error ${row.maxError.toExponential(1)}${isWithin ? '' : `, above ${tolerance}`}`); // prettier-ignore
    }
    const worst = Math.max(...rows.map(({ maxError }) => maxError));
    if (!(worst <= tolerance)) throw new FormatError(`verify: outputs must be within ${tolerance}, got ${worst}`);
  },
};

type Tensors = ReadonlyMap<string, SafetensorsTensor>;

async function tensorsOf(path: string): Promise<Tensors> {
  try {
    return readSafetensors(await readFile(path)).tensors;
  } catch (error) {
    if (error instanceof RangeError) throw new FormatError(error.message, { cause: error });
    throw error;
  }
}

/** Those of the signature, else of the nodes. */
function namesOf(signature: object | undefined, nodes: readonly { readonly name: string }[]): string[] {
  return signature ? Object.keys(signature) : nodes.map(({ name }) => name);
}

/** One alone may have any name. */
function byName(side: string, names: readonly string[], tensors: Tensors, name: string): SafetensorsTensor {
  const found = tensors.get(name) ?? (names.length === 1 && tensors.size === 1 ? [...tensors.values()][0] : undefined);
  if (!found) throw new FormatError(`verify: ${side} must have ${names.join(', ')}, got ${[...tensors.keys()].join(', ')}`); // prettier-ignore
  return found;
}

function tensorsFor(side: string, names: readonly string[], tensors: Tensors): Record<string, Tensor> {
  const pairs = names.map((name) => {
    const { dtype, shape, values } = byName(side, names, tensors, name);
    if (dtype === 'BOOL') return [name, tensor(values as Uint8Array, [...shape], 'bool')] as const;
    const isReal = values instanceof Float32Array || values instanceof Float64Array;
    const numbers = isReal ? Float32Array.from(values) : Int32Array.from(values as ArrayLike<number>, Number);
    requireFormat(dtype !== 'F16' && dtype !== 'BF16', 'verify', `${name} must be float32 or integers`, dtype);
    return [name, tensor(numbers, [...shape], isReal ? 'float32' : 'int32')] as const;
  });
  return Object.fromEntries(pairs);
}

interface Comparison {
  readonly output: string;
  readonly shape: readonly number[];
  readonly maxError: number;
}

async function compared(output: string, made: Tensor, wanted: SafetensorsTensor): Promise<Comparison> {
  const isSame = made.shape.join() === wanted.shape.join();
  requireFormat(isSame, 'verify', `${output} must have the shape [${wanted.shape}]`, made.shape);
  const got = await made.data();
  let maxError = 0;
  for (const [i, each] of Array.from(wanted.values as ArrayLike<number>, Number).entries()) {
    if (each === got[i] || (Number.isNaN(each) && Number.isNaN(got[i]))) continue;
    const error = Math.abs(each - got[i]) / Math.max(1, Math.abs(each));
    maxError = Number.isNaN(error) ? Infinity : Math.max(maxError, error);
  }
  return { output, shape: made.shape, maxError };
}
