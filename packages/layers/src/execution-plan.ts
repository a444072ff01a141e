import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers, LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

/** One layer call: which tensors of the run it takes and makes. */
interface Step {
  readonly layer: layers.Layer;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
}

interface Plan {
  readonly steps: readonly Step[];
  /** How many steps take each tensor, and one more for an output of the model. */
  readonly uses: ReadonlyMap<SymbolicTensor, number>;
}

/** Plans by model; one lives as long as its model. */
const plans = new WeakMap<LayersModel, Plan>();

/**
 * Calls the layers of `model` in order. tfjs' own executor does too much for short runs: its bookkeeping took a
 * seventh of the time of one wafer (bench wafer-sscn), and it casts coords on the way. Masks are not computed.
 *
 * @param inputs one tensor per input of the model; they are not disposed
 */
export function runLayers(model: LayersModel, inputs: readonly Tensor[], isTraining: boolean): Tensor[] {
  const { steps, uses } = planOf(model);
  const values = new Map<SymbolicTensor, Tensor>();
  const usesLeft = new Map<Tensor, number>(); // by tensor: a layer may hand its input on
  const hold = (symbol: SymbolicTensor, tensor: Tensor) => {
    values.set(symbol, tensor);
    usesLeft.set(tensor, (usesLeft.get(tensor) ?? 0) + (uses.get(symbol) ?? 0));
  };
  model.inputs.forEach((symbol, i) => {
    hold(symbol, inputs[i]);
    usesLeft.set(inputs[i], Infinity);
  });
  for (const step of steps) {
    const taken = step.inputs.map((symbol) => values.get(symbol)!);
    const made = step.layer.call(taken.length === 1 ? taken[0] : taken, { training: isTraining });
    (Array.isArray(made) ? made : [made]).forEach((tensor, i) => hold(step.outputs[i], tensor));
    if (isTraining) continue; // the gradient still needs them
    for (const tensor of taken) {
      const left = usesLeft.get(tensor)! - 1;
      usesLeft.set(tensor, left);
      if (left === 0) tensor.dispose();
    }
  }
  return model.outputs.map((symbol) => values.get(symbol)!);
}

function planOf(model: LayersModel): Plan {
  let plan = plans.get(model);
  if (!plan) plans.set(model, (plan = makePlan(model)));
  return plan;
}

function makePlan(model: LayersModel): Plan {
  const steps: Step[] = [];
  const uses = new Map<SymbolicTensor, number>();
  const known = new Set<SymbolicTensor>(model.inputs);
  const visit = (symbol: SymbolicTensor): void => {
    if (known.has(symbol)) return;
    const { inputTensors, outputTensors } = symbol.sourceLayer.inboundNodes[symbol.nodeIndex];
    for (const output of outputTensors) known.add(output);
    inputTensors.forEach(visit);
    for (const input of inputTensors) uses.set(input, (uses.get(input) ?? 0) + 1);
    steps.push({ layer: symbol.sourceLayer, inputs: inputTensors, outputs: outputTensors });
  };
  model.outputs.forEach(visit);
  for (const output of model.outputs) uses.set(output, (uses.get(output) ?? 0) + 1);
  return { steps, uses };
}
