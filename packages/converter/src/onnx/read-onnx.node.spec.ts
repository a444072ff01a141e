import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bytesSource, type ByteSource } from '../bytes/byte-source.js';
import { fileSource } from '../bytes/file-source.js';
import { elementValues } from '../checkpoint/element-values.js';
import type { StoredTensor } from '../checkpoint/stored-tensor.js';
import { summarize } from '../checkpoint/tensor-summary.js';
import { FormatError } from '../format-error.js';
import { readOnnx } from './read-onnx.js';

const pathOf = (name: string) => fileURLToPath(new URL(`../../golden/${name}`, import.meta.url));

async function opened<T>(name: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const source = await fileSource(pathOf(name));
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

interface Expected {
  readonly tensors: Readonly<Record<string, { dtype: string; shape: number[]; sha256: string }>>;
}

describe('readOnnx', () => {
  for (const name of ['onnx/weights.onnx', 'onnx/external.onnx']) {
    it(`reads every weight of ${name} to the last bit`, async () => {
      const expected = JSON.parse(readFileSync(`${pathOf(name)}.expected.json`, 'utf8')) as Expected;
      await opened(name, async (source) => {
        const { weights } = await readOnnx(source);
        expect([...weights.keys()].sort()).toEqual(Object.keys(expected.tensors).sort());
        for (const [weight, tensor] of weights) {
          const { dtype, shape, sha256 } = await summarize(tensor);
          expect<unknown>({ dtype, shape, sha256 }).withContext(weight).toEqual(expected.tensors[weight]);
        }
      });
    });
  }

  it('reads what torch exports, its graph and its weights', async () => {
    const name = 'torch/topk_mlp.onnx';
    interface State {
      readonly state_dict: Readonly<Record<string, { tensor: { values: number[]; shape: number[] } }>>;
    }
    const { state_dict: state } = JSON.parse(readFileSync(`${pathOf(name)}.expected.json`, 'utf8')) as State;
    await opened(name, async (source) => {
      const { weights, graph, opsets } = await readOnnx(source);
      expect(opsets).toEqual(new Map([['', 13]]));
      expect(graph.nodes.map(({ op }) => op)).toEqual(
        jasmine.arrayContaining(['Gemm', 'Relu', 'TopK', 'ScatterElements']),
      );
      for (const [key, { tensor }] of Object.entries(state)) {
        const found = weights.get(key) as StoredTensor;
        expect(found.shape).toEqual(tensor.shape);
        expect([...(elementValues(await found.bytes(), 'float32') as Float32Array)]).toEqual(tensor.values);
      }
    });
  });

  it("reads nodes of NVIDIA's dialect, whose opset has the name ai.onnx", async () => {
    await opened('torch/nvidia_scn_like.zyx.onnx', async (source) => {
      const { graph, opsets } = await readOnnx(source);
      expect([...opsets.keys()]).toEqual(['']);
      const [first] = graph.nodes.filter(({ op }) => op === 'SparseConvolution');
      const kernel = first.attributes.find(({ name }) => name === 'kernel_size')!;
      expect(kernel.ints).toEqual([3n, 3n, 3n]);
    });
  });

  it('refuses what is no model, weights that do not fit their shape, and data elsewhere', async () => {
    const refused = async (bytes: Uint8Array<ArrayBuffer>, message: RegExp) => {
      await expectAsync(readOnnx(bytesSource('m.onnx', bytes))).toBeRejectedWithError(FormatError, message);
    };
    await refused(new Uint8Array(0), /must have a graph, an IR version and opsets/);
    await refused(Uint8Array.of(8, 255, 255), /must be a protobuf message|a number must be whole/);
    const external = new Uint8Array(readFileSync(pathOf('onnx/external.onnx')));
    await refused(external, /external.data must lie beside m.onnx, got none/);
    await refused(replaced(external, 'external.data', '../../etc/pass'), /must lie beside m.onnx, got \.\.\/\.\.\/etc/);
    const weights = new Uint8Array(readFileSync(pathOf('onnx/weights.onnx')));
    const name = new TextEncoder().encode('raw/float');
    // The last place, as the node's input has the name too.
    const at = weights.reduce((last, _, i) => (name.every((byte, j) => weights[i + j] === byte) ? i : last), -1);
    weights[weights.lastIndexOf(3, at)] = 2; // of the shape [3, 4]
    await refused(weights, /raw\/float must have 32 bytes \(float32 \[2,4\]\), got 48/);
  });
});

/** A text in place of another of the same length. */
function replaced(bytes: Uint8Array<ArrayBuffer>, text: string, other: string): Uint8Array<ArrayBuffer> {
  const [from, to] = [text, other.slice(0, text.length)].map((each) => new TextEncoder().encode(each));
  const result = bytes.slice();
  for (let at = 0; at + from.length <= bytes.length; at++) {
    if (from.every((byte, i) => bytes[at + i] === byte)) result.set(to, at);
  }
  return result;
}
