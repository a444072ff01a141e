import { bytesSource, type ByteSource } from '../bytes/byte-source.js';
import { FormatError } from '../format-error.js';
import { convertFile } from './convert-file.js';
import '@tensorflow/tfjs-backend-cpu';

const weights = { 'w.bin': new Uint8Array(16) };

/** A model.json with files beside it. */
function source(json: unknown, files: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = weights): ByteSource {
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  const sibling = async (name: string) => (Object.hasOwn(files, name) ? bytesSource(name, files[name]) : null);
  return { ...bytesSource('model.json', new TextEncoder().encode(text)), sibling };
}

const refused = (json: unknown, message: RegExp, files = weights) =>
  expectAsync(convertFile(source(json, files)))
    .withContext(JSON.stringify(json))
    .toBeRejectedWithError(FormatError, message);

const manifest = (path = 'w.bin', shape: unknown = [2, 2], extra: object = {}) => [
  { paths: [path], weights: [{ name: 'w', shape, dtype: 'float32', ...extra }] },
];
const graph = (nodes: object[], weightsManifest: unknown = manifest()) => ({
  format: 'graph-model',
  modelTopology: { node: nodes, versions: { producer: 1 } },
  weightsManifest,
});
const constant = { name: 'w', op: 'Const', attr: { dtype: { type: 'DT_FLOAT' }, value: { tensor: { dtype: 'DT_FLOAT', tensorShape: { dim: [{ size: '2' }, { size: '2' }] } } } } }; // prettier-ignore

describe('a model.json that is hostile', () => {
  it('may not lead out of its folder or to nothing', async () => {
    await refused(graph([constant], manifest('../w.bin')), /must lie beside model\.json, got \.\.\/w\.bin/);
    await refused(graph([constant], manifest('/etc/passwd')), /must lie beside model\.json/);
    await refused(graph([constant], manifest('http://x/w.bin')), /must lie beside model\.json/);
    await refused(graph([constant], manifest('gone.bin')), /gone\.bin must lie beside model\.json, got none/);
  });

  it('may not have lists, weights or nodes of other kinds', async () => {
    await refused(graph([constant], 7), /./);
    await refused(graph([constant], [{ paths: 'w.bin', weights: null }]), /./);
    await refused(graph([constant], manifest('w.bin', [2, 1e9])), /./);
    await refused(graph([constant], manifest('w.bin', [2, -2])), /./);
    await refused(graph([constant], manifest('w.bin', 'all')), /./);
    await refused(graph([constant], manifest('w.bin', [2, 2], { dtype: 'complex' })), /./);
    await refused(graph([constant], manifest('w.bin', [2, 2], { quantization: { dtype: 'int3' } })), /./);
    await refused(graph([{ name: 'w' }]), /./);
    await refused({ ...graph([]), modelTopology: { node: [null], versions: {} } }, /./);
    await refused({ modelTopology: { node: { length: 2 ** 31 } }, weightsManifest: manifest() }, /./);
    await refused({ modelTopology: null, weightsManifest: [] }, /./);
  });

  it('may not have nodes that read nothing or have one name', async () => {
    const relu = (name: string, input: string) => ({ name, op: 'Relu', input: [input] });
    await refused(graph([constant, relu('a', 'ghost')]), /ghost/);
    await refused(graph([constant, relu('a', 'w'), relu('a', 'w')]), /\ba\b/);
  });

  it('may not have layers that are none', async () => {
    const layers = (config: unknown) => ({ format: 'layers-model', modelTopology: { model_config: { class_name: 'Sequential', config } }, weightsManifest: manifest() }); // prettier-ignore
    await refused(layers({ name: 's', layers: [{ class_name: 'Evil', config: {} }] }), /Evil/);
    await refused(layers(null), /./);
    await refused(layers({ name: 's', layers: [{ class_name: 'Dense', config: { units: 2, batch_input_shape: [null, 2] } }] }), /./); // prettier-ignore
  });
});
