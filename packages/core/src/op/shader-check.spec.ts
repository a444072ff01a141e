import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import { checkShaders } from './shader-check.js';

describe('checkShaders', () => {
  function programOf(shaderKey: string, code: string, uniforms = ''): WebGPUProgram {
    return {
      shaderKey,
      variableNames: ['x'],
      variableComponents: [1],
      outputComponent: 1,
      uniforms,
      outputShape: [1],
      workgroupSize: [64, 1, 1],
      dispatch: [1, 1, 1],
      dispatchLayout: { x: [0] },
      getUserCode: () => code,
    };
  }

  /** A backend that counts what it runs. */
  function countingBackend() {
    const ran: string[] = [];
    const runWebGPUProgram = (program: WebGPUProgram) => void ran.push(program.shaderKey);
    return { backend: { runWebGPUProgram, device: {} } as object as WebGPUBackend, ran };
  }

  const inputs = [{ dataId: {}, shape: [1], dtype: 'float32' as const }];

  it('lets a key run again with the same text', () => {
    const { backend, ran } = countingBackend();
    const end = checkShaders(backend);
    for (let i = 0; i < 2; i++) backend.runWebGPUProgram(programOf('a', 'one'), inputs, 'float32');
    backend.runWebGPUProgram(programOf('b', 'two'), inputs, 'float32');
    end();
    expect(ran).toEqual(['a', 'a', 'b']);
  });

  it('refuses a key that names two texts, and shows where they differ', () => {
    const { backend, ran } = countingBackend();
    checkShaders(backend);
    backend.runWebGPUProgram(programOf('a', 'first\n  let b = 1;'), inputs, 'float32');
    expect(() => backend.runWebGPUProgram(programOf('a', 'first\n  let b = 2;'), inputs, 'float32')).toThrowError(
      "a: a key must name one shader text, got 'let b = 1;' and 'let b = 2;'",
    );
    expect(() =>
      backend.runWebGPUProgram(programOf('a', 'first\n  let b = 2;', 'n : i32,'), inputs, 'float32'),
    ).toThrowError(/a key must name one shader text/);
    expect(ran).toEqual(['a']);
  });

  it('ends', () => {
    const { backend, ran } = countingBackend();
    checkShaders(backend)();
    for (const code of ['one', 'two']) backend.runWebGPUProgram(programOf('a', code), inputs, 'float32');
    expect(ran.length).toBe(2);
  });
});
