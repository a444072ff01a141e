import { readFileSync } from 'node:fs';
import { bytesSource } from '../bytes/byte-source.js';
import { readCheckpoint } from '../checkpoint/read-checkpoint.js';
import { summarize } from '../checkpoint/tensor-summary.js';
import { FormatError } from '../format-error.js';
import { zip } from './hostile-fixture.spec.js';
import { readExport } from './read-export.js';

const bytesOf = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../golden/networks/${name}`, import.meta.url)));

describe('readExport', () => {
  it('reads the tensors that the state dict of the same network has, to the last bit', async () => {
    const program = await readExport(bytesSource('images.pt2', bytesOf('images.pt2')));
    const { tensors } = await readCheckpoint(bytesSource('images.pt', bytesOf('images.pt')));
    expect([...program.weights.keys()].sort()).toEqual(tensors.map(({ path }) => path).filter((path) => !path.startsWith('@')).sort()); // prettier-ignore
    for (const { path, tensor } of tensors) {
      expect(await summarize(program.weights.get(path)!))
        .withContext(path)
        .toEqual(await summarize(tensor));
    }
  });

  it('reads the graph, and which of its inputs are weights', async () => {
    const { graph, inputs, outputs, opsets } = await readExport(bytesSource('images.pt2', bytesOf('images.pt2')));
    expect(graph.nodes.map(({ target }) => target.replace('torch.ops.aten.', ''))).toEqual(
      ['conv2d', 'batch_norm', 'relu', 'conv2d', 'prelu', 'conv_transpose2d', 'mean', 'linear'].map((name) =>
        name === 'mean' ? 'mean.dim' : name === 'conv_transpose2d' ? 'conv_transpose2d.input' : `${name}.default`,
      ),
    );
    expect(inputs.filter(({ kind }) => kind === 'user').map(({ name }) => name)).toEqual(['x']);
    expect(inputs.find(({ target }) => target === 'stem.weight')).toEqual({ kind: 'parameter', name: 'p_stem_weight', target: 'stem.weight' }); // prettier-ignore
    expect(outputs).toEqual(['linear']);
    expect(opsets.has('aten')).toBeTrue();
  });

  it('is found by what is in the archive, and refuses what is none', async () => {
    const { format, tensors } = await readCheckpoint(bytesSource('network.pt', bytesOf('images.pt2')));
    expect([format, tensors.length]).toEqual(['torch export', 13]);
    const text = (contents: string) => new TextEncoder().encode(contents);
    const refused = async (model: string, message: RegExp) => {
      const files = [
        { name: 'm/archive_format', bytes: text('pt2') },
        { name: 'm/models/model.json', bytes: text(model) },
      ];
      await expectAsync(readExport(bytesSource('m.pt2', await zip(files)))).toBeRejectedWithError(FormatError, message);
    };
    await refused('[', /models\/model.json must be JSON/);
    await refused('{}', /graph_module must be an object, got undefined/);
    await refused(
      '{"graph_module": {"graph": {"nodes": [3]}, "signature": {}}}',
      /a node must be an object, got number/,
    );
    await refused(
      '{"graph_module": {"graph": {"nodes": []}, "signature": {}}}',
      /input_specs must be a list, got undefined/,
    );
  });
});
