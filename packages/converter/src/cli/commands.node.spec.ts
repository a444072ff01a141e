import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSafetensors, writeSafetensors } from '@tfjs-sparse/core';
import { goldenCases, type GoldenCase } from '../lowering/golden-cases-fixture.spec.js';

const bin = fileURLToPath(new URL('../../bin/tfjs-sparse.mjs', import.meta.url));
const second = fileURLToPath(new URL('../../golden/architectures/second-spconv2.pt', import.meta.url));
const network = (name: string, golden = 'onnx-networks') => {
  const file = readFileSync(new URL(`../../golden/${golden}.safetensors`, import.meta.url));
  return goldenCases(file, 'model').find((each) => each.name === name)!;
};

interface Finished {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

function run(...args: string[]): Promise<Finished> {
  return new Promise((done) => {
    execFile(process.execPath, [bin, ...args], (error, output, errors) => {
      done({ code: error ? Number(error.code) : 0, output, errors });
    });
  });
}

describe('tfjs-sparse', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tfjs-sparse-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const place = (name: string) => join(folder, name);

  function write({ file, inputs, outputs }: GoldenCase, name = 'network.onnx'): void {
    writeFileSync(place(name), file);
    const saved = ({ shape, values }: GoldenCase['inputs'][number]) => {
      return { dtype: values instanceof Int32Array ? 'I32' : 'F32', shape, values } as const;
    };
    writeFileSync(place('x.safetensors'), writeSafetensors(new Map([['input', saved(inputs[0])]])));
    writeFileSync(place('y.safetensors'), writeSafetensors(new Map([['y', saved(outputs[0])]])));
  }

  it('converts a pruned network to sparse operations, and verifies what it gives', async () => {
    write(network('pruned-resnet20-exported'));
    const { code, output } = await run('convert', place('network.onnx'), place('out'));
    expect(code).toBe(0);
    expect(output).toMatch(/21 of 22 operations run on kernels of tfjs-sparse; weights [\d.]+ KiB; inputs input/);
    const given = ['--inputs', place('x.safetensors'), '--outputs', place('y.safetensors'), '--json'];
    const verified = await run('verify', place('out'), ...given);
    const row = JSON.parse(verified.output) as { maxError: number; isWithin: boolean };
    expect([verified.code, row.isWithin]).toEqual([0, true]);
    expect(row.maxError).toBeLessThan(1e-5);
  });

  it('converts a TFLite file of sparse tensors, and verifies what it gives', async () => {
    write(network('pruned-resnet-sparse', 'tflite-networks'), 'network.tflite');
    const { code, output } = await run('convert', place('network.tflite'), place('out'));
    expect(code).toBe(0);
    expect(output).toMatch(
      /9 of 9 operations run on kernels of tfjs-sparse; weights [\d.]+ KiB; inputs serving_default/,
    );
    const given = ['--inputs', place('x.safetensors'), '--outputs', place('y.safetensors'), '--json'];
    const verified = await run('verify', place('out'), ...given);
    expect(verified.code).toBe(0);
    expect((JSON.parse(verified.output) as { maxError: number }).maxError).toBeLessThan(1e-5);
  });

  it('stores weights in fewer bytes, and prunes', async () => {
    write(network('mobilenet-traced'));
    const sizes: number[] = [];
    for (const [i, options] of [[], ['--quantize', 'float16'], ['--quantize', 'int8'], ['--prune', '2:4']].entries()) {
      const { code } = await run('convert', place('network.onnx'), place(`${i}`), ...options);
      expect(code).toBe(0);
      sizes.push(readFileSync(join(place(`${i}`), 'group1-shard1of1.bin')).length);
    }
    expect(sizes[1] / sizes[0]).toBeCloseTo(0.5, 1);
    expect(sizes[2]).toBeLessThan(sizes[1]);
    expect(sizes[3]).toBeLessThan(sizes[0]);
  });

  it('puts products onto codes of 4 bits, which give nearly the same', async () => {
    write(network('topk-sae-traced'));
    const { code, output } = await run('convert', place('network.onnx'), place('out'), '--quantize', 'int4');
    expect(code).toBe(0);
    expect(output).toContain('quantizedMatMul, int4 in groups of 32');
    const given = ['--inputs', place('x.safetensors'), '--outputs', place('y.safetensors')];
    const verified = await run('verify', place('out'), ...given, '--json');
    const { maxError } = JSON.parse(verified.output) as { maxError: number };
    expect(maxError).toBeGreaterThan(1e-5);
    expect(maxError).toBeLessThan(0.5); // another latent may be among the largest
  });

  it('makes a pack of what it has compared', async () => {
    write(network('pruned-mlp-exported'));
    await run('convert', place('network.onnx'), place('small-mlp'));
    const given = ['--inputs', place('x.safetensors'), '--outputs', place('y.safetensors'), '--source', 'PyTorch 2.15'];
    const { code, output } = await run('pack', place('small-mlp'), ...given);
    expect(code).toBe(0);
    expect(output).toMatch(/pack small-mlp, outputs within \d/);
    const manifest = JSON.parse(readFileSync(join(place('small-mlp'), 'manifest.json'), 'utf8')) as {
      plugins: string[];
      files: { path: string; sha256: string }[];
    };
    expect(manifest.plugins).toContain('@tfjs-sparse/sparse-matmul');
    expect(manifest.files.map(({ path }) => path)).toEqual([
      'model.json',
      'group1-shard1of1.bin',
      'golden.safetensors',
    ]);
    const golden = readSafetensors(readFileSync(join(place('small-mlp'), 'golden.safetensors'))).tensors;
    expect([...golden.keys()].sort()[0]).toBe('in_input');
    expect(readFileSync(join(place('small-mlp'), 'README.md'), 'utf8')).toContain("loadGraphPack('small-mlp')");
    expect((await run('pack', place('small-mlp'), ...given)).errors).toContain('must not be there yet');
  });

  it('says which layers are of its packages where no operation was converted', async () => {
    const { output } = await run('convert', second, place('second'));
    expect(output).toMatch(/: 24 of 24 layers are of tfjs-sparse; weights/);
  });

  it('says in one line that inputs have another shape, and what cannot be written or read', async () => {
    write(network('mobilenet-traced'));
    await run('convert', place('network.onnx'), place('out'));
    writeFileSync(place('x.safetensors'), writeSafetensors(new Map([['x', { dtype: 'F32', shape: [5, 64], values: new Float32Array(320) }]]))); // prettier-ignore
    const given = ['--inputs', place('x.safetensors'), '--outputs', place('y.safetensors')];
    const verified = await run('verify', place('out'), ...given);
    expect([verified.code, verified.errors]).toEqual([
      1,
      'verify: input must have the shape [?,3,24,24], got [5,64]\n',
    ]);
    const missing = await run('verify', place('nothing'), ...given);
    expect(missing.errors).toBe(`${join(place('nothing'), 'model.json')} must be a file that can be read, got none of this name\n`); // prettier-ignore
    const refused = await run('convert', place('network.onnx'), '/proc/nothing/out');
    expect([refused.code, refused.errors]).toEqual([1, 'convert: /proc/nothing/out must be a folder that can be written, got none of this name\n']); // prettier-ignore
    const inFile = await run('convert', place('network.onnx'), join(place('x.safetensors'), 'out'));
    expect(inFile.errors).toBe(`convert: ${place('x.safetensors')} must be a folder, got a file\n`);
  });

  it('says what to do about weights of no known network', async () => {
    const weights = new Map([['fc.weight', { dtype: 'F32' as const, shape: [2, 2], values: new Float32Array(4) }]]);
    writeFileSync(place('w.safetensors'), writeSafetensors(weights));
    const { code, errors } = await run('convert', place('w.safetensors'), place('out'));
    expect(code).toBe(1);
    expect(errors).toMatch(/must have the keys of one of resnet, .*, got fc\.weight \(the file has weights without their network: save the network by torch\.jit\.trace/); // prettier-ignore
    const module = await run('convert', fileURLToPath(new URL('../../golden/torch/full_module.pt', import.meta.url)), place('out')); // prettier-ignore
    expect(module.errors).toContain('a module of __main__.MLP, whose code is not in the file');
    expect((await run('convert', place('w.safetensors'), place('out'), '--quantise', 'int8')).errors).toBe(
      'tfjs-sparse: options must be those of the command, got --quantise (tfjs-sparse convert --help)\n',
    );
  });

  it('fails where outputs differ', async () => {
    write(network('two-of-four-mlp-traced'));
    await run('convert', place('network.onnx'), place('out'));
    const { tensors } = readSafetensors(readFileSync(place('y.safetensors')));
    const { shape, values } = tensors.get('y')!;
    const moved = Float32Array.from(values as Float32Array, (value) => value + 0.01);
    writeFileSync(place('y.safetensors'), writeSafetensors(new Map([['y', { dtype: 'F32' as const, shape, values: moved }]]))); // prettier-ignore
    const given = ['--inputs', place('x.safetensors'), '--outputs', place('y.safetensors')];
    const { code, errors } = await run('verify', place('out'), ...given);
    expect(code).toBe(1);
    expect(errors).toContain('verify: outputs must be within 0.0001, got 0.01');
  });

  it('leaves nothing where it cannot convert', async () => {
    writeFileSync(place('cut.onnx'), network('lstm-traced').file.subarray(0, 5000));
    writeFileSync(place('page.onnx'), '<!doctype html><title>Log in</title>');
    writeFileSync(place('taken'), '');
    const { code, errors } = await run('convert', place('cut.onnx'), place('out'));
    expect(code).toBe(1);
    expect(errors).toMatch(/^(readOnnx|onnxGraph): /);
    const page = await run('convert', place('page.onnx'), place('out'));
    expect(page.code).toBe(1);
    expect(page.errors).toContain('a web page');
    expect(existsSync(place('out'))).toBeFalse();
    const taken = await run('convert', place('cut.onnx'), place('taken'));
    expect(taken.errors).toContain('must not be there yet, got a file');
    expect((await run('convert', place('cut.onnx'), place('out'), '--quantize', 'int3')).code).toBe(2);
    expect((await run('convert', place('cut.onnx'), place('out'), '--prune', '5:4')).errors).toContain(
      'n:m with n < m',
    );
  });

  it('shows the kernel of each weight, and a picture', async () => {
    const file = fileURLToPath(new URL('../../golden/networks/pruned.pt', import.meta.url));
    const { output } = await run('inspect', file, '--json', '--svg', place('p.svg'));
    const rows = output.trimEnd().split('\n').map((line) => JSON.parse(line) as { path: string; kernel: { kernel: string } | null }); // prettier-ignore
    const kernels = Object.fromEntries(rows.map(({ path, kernel }) => [path, kernel?.kernel ?? null]));
    expect(kernels).toEqual({
      '0.bias': null,
      '0.weight_orig': 'sparseMatMul',
      '0.weight_mask': null,
      '2.bias': null,
      '2.weight_orig': 'sparseMatMul',
      '2.weight_mask': null,
      '4.weight': null,
      '4.bias': null,
    });
    expect(readFileSync(place('p.svg'), 'utf8').match(/<title>/g)?.length).toBe(2);
  });
});
