import type { Task } from './tasks.js';

type Advice = readonly [sign: RegExp, advice: string];

/** What to do about an error, by its message; the first that fits. */
const known: readonly Advice[] = [
  [/must have a network|must have the keys of/, 'The file has weights and no network. Choose an architecture that has these weights, or export the network itself in PyTorch: torch.onnx.export(model, x, "model.onnx").'], // prettier-ignore
  [/must be given.*--input|input must be like/, 'Type them in the field “Shapes of inputs”, such as x=1,3,224,224; ? is a length that only a run knows.'], // prettier-ignore
  [/must be given/, 'Type it as JSON in the field “What no weight says”, such as {"heads": 4}.'],
  [/must have \d+ bytes|protobuf message|out of range|damaged|must be (a )?whole|must end/, 'The file is damaged or not all there: copy or download it again.'], // prettier-ignore
  [/must lie beside|must be beside|external/, 'Drop that file together with this one: all files that are opened at once belong together.'], // prettier-ignore
  [/operator|nodes? .*must be|opset/i, 'The network needs what the converter does not have. Exporting it for inference, with a fixed input shape and another opset, often leaves such operators out.'], // prettier-ignore
  [/CORS|HTTP \d|no answer/, 'Download the file yourself and drop it here: then nothing needs to be fetched.'],
  [/allocat|memory|too large|Invalid typed array length|Array buffer/i, 'The page has no memory for that. On the command line there is more: npx tfjs-sparse convert FILE FOLDER.'], // prettier-ignore
  [
    /sites must lie inside/,
    'The network has a grid of its own, which the notes of the converted model say: give its cells on the axes.',
  ],
  [/must have the shape|must have a site/, 'Outputs and inputs must be of one run of this network; on sites the cells on the axes must be those of its grid.'], // prettier-ignore
  [/prune must be/, 'Such as 2:4, or 0.9 for 90 % of the weights.'],
];

const general: Readonly<Record<Task['task'], string>> = {
  open: 'Open .onnx, .pt, .pth, .safetensors, .tflite, or a model.json with its .bin files.',
  weight: '',
  draw: '',
  convert: 'Other settings may fit; what the file holds is shown above.',
  measure: 'Other sizes of the sample or another backend may fit; or give inputs of your own as .safetensors.',
  reach: '',
};

/** What to do about an error, in a sentence or two; may be empty. */
export function adviceOn(message: string, task: Task['task']): string {
  return known.find(([sign]) => sign.test(message))?.[1] ?? general[task];
}
