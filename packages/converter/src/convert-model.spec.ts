import * as tf from '@tensorflow/tfjs';
import { convertModel } from './convert-model.js';
import { GraphBuilder } from './graph/graph-builder.js';
import { rulePass } from './apply-rules.js';
import type { Rule, RuleSet } from './rule.js';

const clampReason = 'clamped at 6';

/** ReLUs, which have no weights, as ReLU6. */
const clamping: Rule = {
  graph: {
    ops: ['Relu'],
    convert: (node) => ({ kernel: 'relu6', reason: clampReason, replacement: { ...node, op: 'Relu6' } }),
  },
  layers: {
    ops: ['ReLU'],
    convert: () => ({
      kernel: 'relu6',
      reason: clampReason,
      replacement: { layer: tf.layers.reLU({ maxValue: 6 }), weights: [] },
    }),
  },
};

/** Dense layers with a kernel of its value times 2. */
const doubling: Rule = {
  layers: {
    ops: ['Dense'],
    convert(layer) {
      const { units, useBias } = layer.getConfig() as { units: number; useBias: boolean };
      const [kernel, ...bias] = layer.getWeights();
      return {
        kernel: 'doubled',
        reason: 'a test',
        replacement: {
          layer: tf.layers.dense({ units, useBias }),
          weights: [tf.mul(kernel, 2), ...bias.map((each) => each.clone())],
        },
      };
    },
  },
};

const rulesOf = (...rules: Rule[]): { rules: RuleSet[] } => ({ rules: [{ rules, passes: [] }] });

function dense(name: string, value: number): tf.Sequential {
  const model = tf.sequential({ name, layers: [tf.layers.dense({ units: 1, inputShape: [2], name: 'fc' })] });
  model.setWeights([tf.fill([2, 1], value), tf.zeros([1])]);
  return model;
}

async function answer(model: { predict(x: tf.Tensor): unknown }, ...x: number[]): Promise<number[]> {
  const input = tf.tensor2d(x, [1, x.length]);
  const y = model.predict(input) as tf.Tensor;
  const values = [...(await y.data())];
  tf.dispose([input, y]);
  return values;
}

async function saved(model: tf.LayersModel): Promise<tf.io.ModelArtifacts> {
  let artifacts: tf.io.ModelArtifacts = {};
  await model.save(
    tf.io.withSaveHandler(async (given) => {
      artifacts = given;
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(given) };
    }),
  );
  return artifacts;
}

function reluGraph() {
  const builder = new GraphBuilder();
  builder.output(builder.node('Relu', [builder.input([1, 2])]));
  return builder.graph;
}

describe('convertModel', () => {
  it('asks later rules about what an earlier one leaves as it is', async () => {
    const leaving: Rule = { layers: { ops: ['Dense'], convert: () => ({ kernel: null, reason: 'too small' }) } };
    for (const [rules, kernel] of [
      [[leaving, doubling], 'doubled'],
      [[doubling, leaving], 'doubled'],
      [[leaving], null],
    ] as const) {
      const model = dense('a', 1);
      const { report } = await convertModel(model, { rules: rules.map((rule) => ({ rules: [rule], passes: [] })) });
      expect(report.map((each) => each.kernel)).toEqual([kernel]);
    }
  });

  it('lets a rule of one op serve graph models and layers models', async () => {
    const graph = await convertModel(reluGraph(), rulesOf(clamping));
    expect(await answer(graph.model, -1, 9)).toEqual([0, 6]);
    expect(graph.summary).toBe('1 of 1 operations run on other kernels now');
    const layers = tf.sequential({ layers: [tf.layers.reLU({ inputShape: [2], name: 'clamp' })] });
    const { model, report } = await convertModel(layers, rulesOf(clamping));
    expect(await answer(model, -1, 9)).toEqual([0, 6]);
    expect(report).toEqual([
      jasmine.objectContaining({ name: 'clamp', op: 'ReLU', kernel: 'relu6', reason: clampReason }),
    ]);
    expect(await answer(layers, -1, 9)).toEqual([0, 9]);
  });

  it('tells layers of one name in two inner models apart', async () => {
    const x = tf.input({ shape: [2] });
    const both = [dense('a', 1), dense('b', 3)].map((inner) => inner.apply(x) as tf.SymbolicTensor);
    const model = tf.model({ inputs: x, outputs: tf.layers.concatenate().apply(both) as tf.SymbolicTensor });
    const { model: converted, report } = await convertModel(model, rulesOf(doubling));
    expect(report.map(({ name }) => name)).toEqual(['fc', 'fc']);
    expect(await answer(converted, 1, 1)).toEqual([4, 12]);
  });

  it('converts a layer that two inner models share once', async () => {
    const fc = tf.layers.dense({ units: 1, inputShape: [2], name: 'fc' });
    const x = tf.input({ shape: [2] });
    const both = ['a', 'b'].map((name) => tf.sequential({ name, layers: [fc] }).apply(x) as tf.SymbolicTensor);
    const model = tf.model({ inputs: x, outputs: tf.layers.concatenate().apply(both) as tf.SymbolicTensor });
    const [y] = await answer(model, 1, 2);
    const tensors = tf.memory().numTensors;
    const { model: converted, report } = await convertModel(model, rulesOf(doubling));
    expect(report.length).toBe(1);
    expect(await answer(converted, 1, 2)).toEqual([2 * y, 2 * y]);
    expect(tf.memory().numTensors).toBe(tensors + 4); // the two copies' kernels and biases
  });

  it('takes a layers model as model.save writes it, with its metadata', async () => {
    const given = dense('saved', 1);
    given.setUserDefinedMetadata({ labels: ['cat'] });
    const artifacts = await saved(given);
    const before = tf.memory().numTensors;
    const { model } = await convertModel(tf.io.fromMemory(artifacts), rulesOf(doubling));
    expect(tf.memory().numTensors).toBe(before + 2);
    expect(await answer(model, 1, 1)).toEqual([4]);
    expect((model as tf.LayersModel).getUserDefinedMetadata()).toEqual({ labels: ['cat'] });
  });

  it('gives back the model itself where no rule changes anything, and does no pass', async () => {
    const model = dense('same', 1);
    const passes = [rulePass(doubling)];
    const converted = await convertModel(model, { rules: [{ rules: [clamping], passes }] });
    expect(converted.model).toBe(model);
    expect(converted.report).toEqual([]);
  });

  it('does passes behind the rules', async () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [2] }), tf.layers.reLU()],
    });
    model.setWeights([tf.fill([2, 1], 2), tf.zeros([1])]);
    const converted = await convertModel(model, { rules: [{ rules: [clamping], passes: [rulePass(doubling)] }] });
    expect(converted.report.map(({ kernel }) => kernel)).toEqual(['relu6', 'doubled']);
    expect(await answer(converted.model, 1, 0)).toEqual([4]);
  });

  it('leaves nothing behind where a rule fails', async () => {
    let calls = 0;
    const failing: Rule = {
      layers: {
        ops: ['Dense'],
        convert(layer, model) {
          if (calls++ > 0) throw new RangeError('wrong weights');
          return doubling.layers!.convert(layer, model);
        },
      },
    };
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 2, inputShape: [2] }), tf.layers.dense({ units: 1 })],
    });
    const source = tf.io.fromMemory(await saved(model));
    const before = tf.memory().numTensors;
    for (const given of [model, source] as (tf.LayersModel & tf.io.IOHandler)[]) {
      calls = 0;
      const converted = convertModel(given, rulesOf(failing));
      await expectAsync(converted).toBeRejectedWithError(RangeError, 'wrong weights');
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  it('leaves nothing behind where the new weights do not fit', async () => {
    const wrong: Rule = {
      layers: {
        ops: ['Dense'],
        convert: () => ({
          kernel: 'wrong',
          reason: 'a test',
          replacement: { layer: tf.layers.dense({ units: 1 }), weights: [tf.zeros([9])] },
        }),
      },
    };
    const model = dense('given', 1);
    const before = tf.memory().numTensors;
    await expectAsync(convertModel(model, rulesOf(wrong))).toBeRejected();
    expect(tf.memory().numTensors).toBe(before);
  });
});
