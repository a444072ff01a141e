import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { convertModel, GraphBuilder } from '@tfjs-sparse/converter';
import { sparseWeightRules } from '@tfjs-sparse/sparse-matmul/convert';
import { root } from '../scripts/workspaces.mjs';

// Run by a process that has nothing of the converter.
const load = `
import fs from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import '@tfjs-sparse/sparse-matmul/graph-ops';
const [folder] = process.argv.slice(1);
const weightData = Uint8Array.from(fs.readFileSync(folder + '/weights.bin')).buffer;
const model = await tf.loadGraphModel(tf.io.fromMemory({ ...JSON.parse(fs.readFileSync(folder + '/model.json')), weightData }));
console.log('answer', String(await model.predict(tf.ones([1, 40])).data()));
process.exit(0);`;

describe('a converted graph model', () => {
  it('is loaded where graph-ops is imported, and nothing else of ours', async () => {
    const builder = new GraphBuilder();
    const kernel = Float32Array.from({ length: 320 }, (_, i) => (i % 11 === 0 ? i : 0));
    builder.output(builder.node('MatMul', [builder.input([1, 40]), builder.constant([40, 8], kernel)]));
    const { model, report } = await convertModel(builder.graph, { rules: [sparseWeightRules()] });
    expect(report.map((each) => each.kernel)).toEqual(['sparseMatMul']);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'graph-ops-'));
    await model.save(
      tf.io.withSaveHandler(async ({ weightData, ...json }) => {
        fs.writeFileSync(path.join(folder, 'weights.bin'), new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)));
        fs.writeFileSync(path.join(folder, 'model.json'), JSON.stringify(json));
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      }),
    );
    const args = ['--input-type=module', '--eval', load, folder];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    const sums = Array.from({ length: 8 }, (_, output) =>
      kernel.reduce((sum, weight, i) => (i % 8 === output ? sum + weight : sum), 0),
    );
    expect(stdout).withContext(stderr).toContain(`answer ${sums}`);
    fs.rmSync(folder, { recursive: true });
  });
});
