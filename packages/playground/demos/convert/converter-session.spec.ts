import { io, memory, setBackend } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { writeSafetensors, type SafetensorsTensor } from '@tfjs-sparse/core';
import { unzipSync } from 'fflate';
import { ConverterSession } from './converter-session.js';
import { sampleNetwork } from './sample-networks.js';
import type {
  Converted,
  ConvertSettings,
  Measured,
  MeasureTask,
  NamedBlob,
  Opened,
  OpenModel,
  Outcome,
} from './tasks.js';

const plain: ConvertSettings = { architecture: null, settings: '', inputs: '', pruning: '', precision: 'float32' };
const name = 'a task';
const blobOf = (fileName: string, contents: Uint8Array<ArrayBuffer> | string): NamedBlob => ({
  name: fileName,
  blob: new Blob([contents]),
});
const filesOf = (id: string, ...files: NamedBlob[]): OpenModel => ({ id, source: { kind: 'files', files } });
const tensors = (values: Readonly<Record<string, SafetensorsTensor>>) =>
  blobOf('x.safetensors', Uint8Array.from(writeSafetensors(Object.entries(values))));
const f32 = (shape: readonly number[], values: readonly number[]): SafetensorsTensor => ({
  dtype: 'F32',
  shape,
  values: Float32Array.from(values),
});

describe('a session of the converter', () => {
  let session: ConverterSession;
  const sample: OpenModel = { id: 'sample', source: { kind: 'sample', index: 0 } };
  const opened = async (model: OpenModel) => (await session.run({ task: 'open', name, model })) as Opened;
  const converted = (settings: Partial<ConvertSettings> = {}, model = sample) =>
    session.run({ task: 'convert', name, model, settings: { ...plain, ...settings } });
  const measured = (task: Partial<MeasureTask> = {}) =>
    session.run({
      ...{ task: 'measure', name, model: sample, settings: plain, inputs: null, outputs: null, grid: '' },
      sample: { seed: 1, openLength: 32, sites: 100, grid: '16' },
      ...task,
    });

  beforeEach(async () => {
    await setBackend('wasm');
    session = new ConverterSession();
  });
  afterEach(() => setBackend('cpu'));

  it('shows what is in a file: its network, weights, zeros, and where a weight is not 0', async () => {
    const { format, weights, totals, network } = await opened(sample);
    expect([format, network.isInFile, network.architecture]).toEqual(['safetensors', false, 'resnet']);
    expect(totals.zeros / totals.elements).toBeCloseTo(0.888, 2);
    expect(totals.bytesAfter).toBeLessThan(totals.bytes / 5);
    const row = weights.find(({ path }) => path === 'layer1.0.conv1.weight')!;
    expect([row.shape, row.dtype, row.picture!.rows]).toEqual([[16, 16, 3, 3], 'float32', 16]);
    expect(row.kernel).toMatch(/^sparseConv2D \(csr, /);
    const weight = await session.run({ task: 'weight', name, model: sample, path: row.path });
    const { zeros, counts } = (weight as Extract<Outcome, { task: 'weight' }>).histogram;
    expect(zeros + counts.reduce((sum, count) => sum + count)).toBe(row.elements);
    expect(zeros).toBe(Math.round(row.sparsity * row.elements));
    const drawn = await session.run({ task: 'draw', name, model: sample });
    expect(await (drawn as Extract<Outcome, { task: 'draw' }>).file.blob.text()).toMatch(/^<svg/);
  });

  it('converts, and gives a zip of a model that loads', async () => {
    const { report, inputs, outputs, weightBytes, zip, loading } = (await converted()) as Converted;
    expect(report.filter(({ kernel }) => kernel !== null).length).toBe(21);
    expect([inputs.map((each) => each.name), outputs]).toEqual([['image'], ['linear']]);
    expect(loading).toBe("tf.loadLayersModel('model.json') after import '@tfjs-sparse/sparse-matmul/layers'");
    const files = unzipSync(new Uint8Array(await zip.blob.arrayBuffer()));
    expect([zip.name, ...Object.keys(files)]).toEqual([
      'resnet20-90-percent-zeros-tfjs.zip',
      'model.json',
      'group1-shard1of1.bin',
    ]);
    const shard = files['group1-shard1of1.bin'];
    expect(shard.length).toBe(weightBytes);
    const json = JSON.parse(new TextDecoder().decode(files['model.json'])) as io.ModelJSON;
    const artifacts = await io.getModelArtifactsForJSON(json, async ([{ weights }]) => [weights, shard.slice().buffer]);
    const model = await loadLayersModel(io.fromMemory(artifacts));
    expect(model.outputs[0].shape).toEqual([null, 10]);
    model.dispose();
  });

  it('runs the converted network beside the one of the file, and frees both', async () => {
    const before = memory().numTensors;
    const { device, converted: sparse, dense, differences, given } = (await measured()) as Measured;
    expect([device, sparse.runs > 2, dense!.runs > 2, given]).toEqual(['wasm', true, true, null]);
    expect(differences.map(({ output, maxError }) => [output, maxError < 1e-5])).toEqual([['linear', true]]);
    expect(memory().numTensors).toBe(before);
  });

  it('compares with outputs that were given', async () => {
    const image = f32(
      [1, 8, 8, 3],
      Array.from({ length: 192 }, (_, i) => Math.sin(i)),
    );
    const inputs = tensors({ image });
    const wrong = (await measured({
      inputs,
      outputs: tensors({ linear: f32([1, 10], Array<number>(10).fill(9)) }),
    })) as Measured;
    expect(wrong.given![0].maxError).toBeGreaterThan(0.1);
    const outcome = await measured({ inputs, outputs: tensors({ linear: f32([1, 3], [1, 2, 3]) }) });
    expect(outcome).toEqual(
      jasmine.objectContaining({
        task: 'refused',
        of: 'measure',
        message: 'linear must have the shape [1,3], got [1, 10]',
      }),
    );
  });

  it('prunes, and stores weights in fewer bytes', async () => {
    const { weightBytes } = (await converted()) as Converted;
    const half = (await converted({ precision: 'float16' })) as Converted;
    expect(half.weightBytes).toBeLessThan(0.8 * weightBytes);
    const pruned = (await converted({ pruning: '0.97' })) as Converted;
    expect(pruned.prunedCount).toBeGreaterThan(19);
    expect(pruned.weightBytes).toBeLessThan(0.6 * weightBytes);
  });

  it('says what is wrong and what to do, and goes on', async () => {
    spyOn(console, 'error');
    const refusedOf = async (outcome: Promise<Outcome>) => {
      const { task, message, advice } = (await outcome) as Extract<Outcome, { task: 'refused' }>;
      return [task, message.slice(0, 60), advice.slice(0, 40)];
    };
    const weights = filesOf('w', tensors({ a: f32([2], [0, 1]) }));
    const cut = filesOf('c', blobOf('cut.safetensors', sampleNetwork(0).contents.slice(0, 9000)));
    const json = filesOf(
      'j',
      blobOf('model.json', '{"modelTopology":{"node":[]},"weightsManifest":[{"paths":["a.bin"],"weights":[]}]}'),
    );
    expect([
      await refusedOf(converted({}, weights)),
      await refusedOf(opened(cut)),
      await refusedOf(opened(json)),
      await refusedOf(opened({ id: 'u', source: { kind: 'url', url: 'http://127.0.0.1:9/a.onnx' } })),
      await refusedOf(converted({ pruning: '7:4' })),
      await refusedOf(converted({ settings: '[1]' })),
    ]).toEqual([
      [
        'refused',
        'x.safetensors must have a network or weights of a known one,',
        'The file has weights and no network. Cho',
      ],
      ['refused', jasmine.stringMatching(/ must end within /), 'The file is damaged or not all there: co'],
      ['refused', 'a.bin must lie beside model.json, got none', 'Drop that file together with this one: a'],
      [
        'refused',
        '127.0.0.1:9 must let other pages read it (CORS), without lea',
        'Download the file yourself and drop it h',
      ],
      [
        'refused',
        'prune must be n:m with n < m, or a share between 0 and 1, go',
        'Such as 2:4, or 0.9 for 90 % of the weig',
      ],
      ['refused', 'settings must be a JSON object such as {"heads": 4}, got [1]', jasmine.any(String)],
    ]);
    expect((await converted()).task).toBe('convert');
  });
});
