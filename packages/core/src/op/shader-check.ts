import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import { violation } from '../errors.js';
import { extended, uniformMembers } from './webgpu-scope.js';

/**
 * Makes tfjs' webgpu backend build the text of every sparse program that it runs and compare it with the last one of the
 * same key: tfjs would run the first one for both. For development and tests.
 *
 * @returns ends the check
 */
export function checkShaders(webgpu: KernelBackend): () => void {
  const backend = webgpu as WebGPUBackend;
  const texts = new Map<string, string>();
  const { runWebGPUProgram, device } = backend;
  const extension = extended.get(device);
  backend.runWebGPUProgram = (program, inputs, outputDtype, ...rest) => {
    const isOurs = program.constructor === Object; // those of tfjs are instances of classes, and have other parts of a key
    if (isOurs)
      requireOneText(texts, program.shaderKey, [...describe(program, inputs), outputDtype], program.getUserCode());
    return runWebGPUProgram.call(backend, program, inputs, outputDtype, ...rest);
  };
  if (extension) {
    extended.set(device, {
      ...extension,
      run(target, program) {
        const inputs = Object.entries(program.inputs).map(([name, { dtype }]) => `${name} : ${dtype}`);
        const types = [...inputs, ...(program.vectors ?? []), uniformMembers(program), ...(program.extensions ?? [])];
        requireOneText(texts, program.key, types, program.code());
        return extension.run(target, program);
      },
    });
  }
  return () => {
    backend.runWebGPUProgram = runWebGPUProgram;
    if (extension) extended.set(device, extension);
  };
}

function describe(program: WebGPUProgram, inputs: readonly { readonly dtype: string }[]): string[] {
  const { variableNames, variableComponents, outputComponent, uniforms } = program;
  return [
    ...variableNames.map((name, i) => `${name} : ${inputs[i].dtype} of ${variableComponents?.[i]}`),
    `result of ${outputComponent}`,
    uniforms ?? '',
  ];
}

/** @throws Error that shows the first line in which the two texts of a key differ */
function requireOneText(texts: Map<string, string>, key: string, types: readonly string[], code: string): void {
  const text = [...types, code].join('\n');
  const before = texts.get(key) ?? text;
  texts.set(key, text);
  if (before === text) return;
  const other = before.split('\n');
  const lines = text.split('\n');
  const line = lines.findIndex((content, i) => content !== other[i]);
  throw new Error(
    violation(key, 'a key must name one shader text', `'${other[line]?.trim()}' and '${lines[line]?.trim()}'`),
  );
}
