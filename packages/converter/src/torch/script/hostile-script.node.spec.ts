import { readFileSync } from 'node:fs';
import { readSafetensors } from '@tfjs-sparse/core';
import { bytesSource } from '../../bytes/byte-source.js';
import { FormatError } from '../../format-error.js';
import { openArchive } from '../archive.js';
import { atenOps } from '../aten/index.js';
import { overloadsOf } from './schema.js';
import { torchScriptGraph } from './script-graph.js';

const golden = new URL('../../../golden/torchscript/torchscript.safetensors', import.meta.url);
const file = readSafetensors(new Uint8Array(readFileSync(golden))).tensors.get('changing-scripted/script')!;

/** Converts a module whose `forward(self, x)` has another body. */
async function converted(body: string, extra = '') {
  const source = bytesSource('s.pt', (file.values as Uint8Array).slice());
  const archive = await openArchive(source);
  const code = `class Changing(Module):\n  def forward(self, x: Tensor) -> Tensor:\n${body.replace(/^/gm, '    ')}\n${extra}`;
  const bytes = new TextEncoder().encode(code);
  const read = async (start: number, length: number) => bytes.slice(start, start + length);
  const entry = (name: string) =>
    name.endsWith('/__torch__.py') ? { name, size: bytes.length, read } : archive.entry(name);
  return torchScriptGraph(source, { names: archive.names, entry }, { x: { shape: [null, 4] } });
}

function refused(body: string, message: RegExp, extra = '') {
  return expectAsync(converted(body, extra)).toBeRejectedWithError(FormatError, message);
}

describe('scripts that are no networks of tfjs', () => {
  it('are refused with all ops that are not covered', () =>
    refused(
      'y = torch.fft_fft(x)\nif torch.eq(torch.dim(y), 9):\n  y = ops.torchvision.nms(x, x, 0.5)\nelse:\n  pass\nreturn y',
      /^torchScriptGraph: ops must be covered, got torch\.fft_fft, ops\.torchvision\.nms$/,
    ));

  it('are refused where a condition depends on values or on sizes of a run', async () => {
    await refused('if bool(torch.gt(torch.sum(x), 0)):\n  return x\nelse:\n  return x', /no numbers that tensors have/);
    await refused(
      'if torch.eq(torch.size(x, 0), 2):\n  return x\nelse:\n  return x',
      /no condition on a size that only a run knows/,
    );
  });

  it('are refused where they raise, change themselves or refer to nothing', async () => {
    await refused('ops.prim.RaiseException("no")\nreturn x', /inputs must be what the script takes, got: no/);
    await refused('self.scales = [1.]\nreturn x', /must not change its modules/);
    await refused('return torch.add_(self.table, 1)', /must not change its buffers and weights/);
    await refused('return y', /must have a value as y, got None/);
    await refused('return self.nothing', /with nothing, got None/);
    await refused(
      'return torch.add(x, [x])',
      /aten\.add must have arguments of its schema, got a tensor, \[a tensor\]/,
    );
  });

  it('are refused where they do not end or grow without an end', async () => {
    await refused('while True:\n  y = 1\nreturn x', /at most 100000 steps/);
    await refused('for i in range(1000000000):\n  y = 1\nreturn x', /at most 100000 steps/);
    await refused('return self.forward(x)', /calls must be at most 200 deep/);
    await refused(
      'a = [1]\nwhile True:\n  a = torch.mul(a, 1000)\nreturn x',
      /elements must be a whole number of at most/,
    );
    await refused(`return ${'('.repeat(5000)}x${')'.repeat(5000)}`, /must nest at most 200 deep/);
  });

  it('are refused with the line that is no code', async () => {
    await refused('return x @ y', /must be code of TorchScript, got line 3/);
    await refused('y = = x', /must have an expression in line 3, got =/);
    await refused('return x', /must have a class or a function in line 4, got x/, 'x = 1\n');
  });
});

describe('schemas', () => {
  it('has those of every op of ATen that is covered', () => {
    const names = Object.keys(atenOps).map((name) => name.split('.')[0]);
    expect(names.filter((name) => !overloadsOf(name))).toEqual([]);
  });
});
