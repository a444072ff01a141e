import { FormatError } from '../format-error.js';
import { compareOutputs } from '../verification/compare-outputs.js';
import { runSavedModel } from '../verification/run-saved-model.js';
import { parsed, UsageError, type Command } from './command.js';
import { installedPlugins } from './installed-packages.js';
import { readModelFolder } from './model-folder.js';
import { startBackend } from './start-backend.js';
import { tensorsOf } from './tensor-file.js';

const options = {
  inputs: { type: 'string' },
  outputs: { type: 'string' },
  backend: { type: 'string' },
  tolerance: { type: 'string', default: '1e-4' },
  'spatial-shape': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** Compares what a converted model gives with what its network gave. */
export const verifyCommand: Command = {
  summary: 'runs a converted model on inputs and compares its outputs with given ones',

  help: `tfjs-sparse verify OUT --inputs x.safetensors --outputs y.safetensors [--backend wasm|cpu] [--tolerance 1e-4]
                      [--spatial-shape 41,160,140] [--json]

Runs the model of a folder that convert wrote on inputs and compares its outputs with those that the network gave elsewhere
(torch: safetensors.torch.save_file({"input": x}, "x.safetensors")). Names are those of the model's inputs and outputs; one
alone may have any name. A model on sites takes features and coords (batch first); rows of its outputs are those of the given
sites ("sites" beside the outputs), else of the coords. Errors are relative for values above 1. Exit code 1 where one is
above the tolerance.

  --backend         default wasm where it is installed
  --tolerance       the largest error; default 1e-4
  --spatial-shape   cells of the grid of sites on each axis; default those up to the last site
  --json            one {output, shape, maxError, isWithin} a line

  tfjs-sparse verify resnet20 --inputs x.safetensors --outputs y.safetensors`,

  async run(args) {
    const { values, positionals } = parsed(args, options, ['OUT']);
    if (!values.inputs || !values.outputs)
      throw new UsageError('verify: --inputs and --outputs must be given, got none');
    const tolerance = Number(values.tolerance);
    if (!(tolerance >= 0)) throw new UsageError(`verify: tolerance must be a number, got ${values.tolerance}`);
    await startBackend(values.backend);
    await installedPlugins();
    const spatialShape = values['spatial-shape']?.split(',').map(Number);
    const [given, wanted] = await Promise.all([values.inputs, values.outputs].map(tensorsOf));
    const made = await runSavedModel(await readModelFolder(positionals[0]), given, spatialShape);
    const rows = compareOutputs(made, wanted, given);
    for (const row of rows) {
      const isWithin = row.maxError <= tolerance;
      if (values.json) console.log(JSON.stringify({ ...row, isWithin }));
      else console.log(`${row.output} [${row.shape.join(', ')}]: largest error ${row.maxError.toExponential(1)}${isWithin ? '' : `, above ${tolerance}`}`); // prettier-ignore
    }
    const worst = Math.max(...rows.map(({ maxError }) => maxError));
    if (!(worst <= tolerance)) throw new FormatError(`verify: outputs must be within ${tolerance}, got ${worst}`);
  },
};
