import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeCli } from '../../src/command/cli-fixture.node.spec.js';
import { sampleNetwork } from './sample-networks.js';

describe('npm start -- --demo convert', () => {
  const { start, write, folder } = describeCli();

  it('says what is in a checkpoint, as a row and as a CSV of its weights, and what is wrong with another', async () => {
    const { name, contents } = sampleNetwork(0);
    const [file, cut] = [await write(name, contents), await write('cut.safetensors', contents.slice(0, 9000))];
    const output = join(folder(), 'weights');
    const asked = ['--demo', 'convert', '--input', file, '--input', cut, '--output', output];
    const { code, output: printed, errors } = await start('--json', ...asked);
    expect([code, errors]).toEqual([1, jasmine.stringMatching(/cut\.safetensors: the header must end within /)]);
    const row = JSON.parse(printed) as { file: string; format: string; architecture: string; tensors: number };
    expect([row.file, row.format, row.architecture, row.tensors]).toEqual([name, 'safetensors', 'resnet', 107]);
    const lines = (await readFile(join(output, 'weights.csv'), 'utf8')).trim().split('\r\n');
    expect([lines[0], lines.length]).toEqual(['file,path,dtype,shape,bytes,sparsity,pattern,kernel', 108]);
  });
});
