import * as tf from '@tensorflow/tfjs';

/** A node with its attributes as tfjs' converter writes them. */
export interface FixtureNode {
  name: string;
  op: string;
  input?: string[];
  attr?: object;
}

export const text = (value: string) => ({ s: btoa(value) });
export const fusedOps = (...ops: string[]) => ({ list: { s: ops.map((op) => btoa(op)) } });
export const strides = (size: number) => ({ list: { i: ['1', `${size}`, `${size}`, '1'] } });

/** Numbers of a seed, of which `keep` are not 0. */
export function values(shape: number[], seed: number, keep: (i: number) => boolean = () => true): tf.Tensor {
  const size = shape.reduce((product, each) => product * each, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => (keep(i) ? Math.sin(i * 1.7 + seed) : 0)),
    shape,
  );
}

/** Whether to keep one of ten numbers, by its index: no N:M pattern, no blocks. */
export function isOneOfTen(i: number): boolean {
  return Math.abs(Math.sin(i * 12.9898) * 43758.5453) % 1 < 0.1;
}

/** A saved graph model of an input `x`, weights and nodes; the weights are disposed of. */
export async function graphModel(
  inputShape: number[],
  weights: Record<string, tf.Tensor>,
  nodes: FixtureNode[],
): Promise<tf.io.ModelArtifacts> {
  const { data, specs } = await tf.io.encodeWeights(weights);
  const dim = inputShape.map((size) => ({ size: `${size}` }));
  const input = { name: 'x', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim } } } };
  const constants = specs.map(({ name, shape, dtype }) => {
    const type = dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT';
    const tensorShape = { dim: shape.map((size) => ({ size: `${size}` })) };
    return { name, op: 'Const', attr: { dtype: { type }, value: { tensor: { dtype: type, tensorShape } } } };
  });
  tf.dispose(weights);
  return {
    format: 'graph-model',
    modelTopology: { node: [input, ...constants, ...nodes], versions: { producer: 1 } },
    weightData: data,
    weightSpecs: specs,
  };
}

/** What saving a model gives. */
export async function saved(model: tf.GraphModel | tf.LayersModel): Promise<tf.io.ModelArtifacts> {
  let artifacts: tf.io.ModelArtifacts;
  const handler = tf.io.withSaveHandler(async (each) => {
    artifacts = each;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
  });
  await model.save(handler);
  return artifacts!;
}

export async function largestDifference(a: tf.Tensor, b: tf.Tensor): Promise<number> {
  expect(a.shape).toEqual(b.shape);
  const [x, y] = [(await a.data()) as Float32Array, (await b.data()) as Float32Array];
  return x.reduce((most, value, i) => Math.max(most, Math.abs(value - y[i])), 0);
}
