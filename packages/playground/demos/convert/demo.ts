import { readCheckpoint } from '@tfjs-sparse/converter/checkpoints';
import type { Demo, Fit, InputFile } from '../../src/demo.js';
import { ConverterSession } from './converter-session.js';
import { openSource } from './open-source.js';
import { sampleName } from './sample-networks.js';
import type { ModelSource, Outcome, Task } from './tasks.js';

export const demo: Demo<Task, Outcome> = {
  order: 7,
  about: {
    title: 'Convert a model',
    headline: 'Convert a model',
    introduction:
      'See what is in a checkpoint of PyTorch, ONNX, TFLite or TensorFlow.js, put its weights with zeros onto sparse ' +
      'kernels, run it dense and sparse, and save it as a TensorFlow.js model. Files are read in parts by a worker of this ' +
      'page and do not leave this machine: the browser lets the page reach no other server.',
    samplesButton: 'Another sample',
    openButton: 'Open files…',
    filesHint: '.onnx, .pt, .pt2, .pth, .safetensors, .tflite, model.json; with the files that belong to it',
    accept: '.onnx,.pt,.pth,.pt2,.ckpt,.safetensors,.tflite,.json,.bin,.data',
  },
  packs: [],
  warmUpMs: 0, // what is timed warms itself up

  fit: async ({ name }) => fitOf(name),

  async read({ name, contents }: InputFile) {
    const source: ModelSource = { kind: 'files', files: [{ name, blob: new Blob([contents]) }] };
    await readCheckpoint(await openSource(source));
    return [{ task: 'open', name, model: { id: name, source }, source: { file: name, index: 0 } }];
  },

  samples(set) {
    const name = `${sampleName(set)} (${set + 1})`;
    return [{ task: 'open', name, model: { id: name, source: { kind: 'sample', index: set } } }];
  },

  open: () => new ConverterSession(),
};

/** Autoencoders and texts in .safetensors and .json may be for others. */
function fitOf(name: string): Fit {
  if (/\.(onnx|pt|pth|pt2|ckpt|tflite)$/i.test(name)) return 'surely';
  return /\.safetensors$|(^|[^.])model\.json$/i.test(name) ? 'perhaps' : 'no';
}
