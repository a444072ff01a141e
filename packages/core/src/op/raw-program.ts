import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { dispatchOf, workgroupThreads, type GpuProgram, type GpuUniform } from './webgpu-scope.js';

const pipelines = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>();

/**
 * Runs a program that names extensions. tfjs' own programs cannot: WGSL wants them enabled before the declarations that
 * tfjs writes first. Uses public members of tfjs' backend only; costs one submission more than a program of tfjs.
 */
export function runRawProgram(
  backend: WebGPUBackend,
  program: GpuProgram,
  inputs: readonly TensorInfo[],
  uniforms: readonly GpuUniform[],
): TensorInfo {
  const { device } = backend;
  const output = backend.makeTensorInfo([...program.outputShape], 'float32');
  const buffers = [output, ...inputs].map(({ dataId }) => {
    backend.uploadToGPU(dataId);
    return backend.tensorMap.get(dataId).resource as GPUBuffer;
  });
  const numbers = uniformBuffer(device, [...uniforms]);
  const pipeline = pipelineOf(device, program, inputs);
  // What makes the inputs must be submitted first.
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = [...buffers, numbers].map((buffer, binding) => ({ binding, resource: { buffer } }));
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(...dispatchOf(program));
  pass.end();
  device.queue.submit([encoder.finish()]);
  numbers.destroy(); // freed once the submission is done
  return output;
}

function uniformBuffer(device: GPUDevice, uniforms: readonly GpuUniform[]): GPUBuffer {
  const numbers = uniforms.flatMap(({ type, data }) => data.map((value) => ({ type, value })));
  const size = Math.ceil(numbers.length / 4) * 16;
  const buffer = device.createBuffer({ size, usage: GPUBufferUsage.UNIFORM, mappedAtCreation: true });
  const view = new DataView(buffer.getMappedRange());
  numbers.forEach(({ type, value }, i) => {
    if (type === 'int32') view.setInt32(i * 4, value, true);
    else view.setFloat32(i * 4, value, true);
  });
  buffer.unmap();
  return buffer;
}

function pipelineOf(device: GPUDevice, program: GpuProgram, inputs: readonly TensorInfo[]): GPUComputePipeline {
  let ofDevice = pipelines.get(device);
  if (!ofDevice) pipelines.set(device, (ofDevice = new Map()));
  let pipeline = ofDevice.get(program.key);
  if (!pipeline) {
    const module = device.createShaderModule({ code: shaderCode(program, inputs) });
    pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'start' } });
    ofDevice.set(program.key, pipeline);
  }
  return pipeline;
}

/** Gives `code` the names that it has in a program of tfjs, except `uniforms.size`. */
function shaderCode({ code, inputNames, vectors, uniforms, extensions }: GpuProgram, inputs: readonly TensorInfo[]) {
  const array = (name: string, number: string) => `array<${vectors?.includes(name) ? `vec4<${number}>` : number}>`;
  const bindings = inputNames.map((name, i) => {
    const number = inputs[i].dtype === 'int32' ? 'i32' : 'f32';
    return `@group(0) @binding(${i + 1}) var<storage, read> ${name} : ${array(name, number)};`;
  });
  return /* wgsl */ `
    ${extensions!.map((extension) => `enable ${extension};`).join('\n')}
    diagnostic(off, subgroup_uniformity); // the analysis takes all that depends on a thread's index for divergent
    struct Uniforms { ${uniforms} }
    @group(0) @binding(0) var<storage, read_write> result : ${array('result', 'f32')};
    ${bindings.join('\n')}
    @group(0) @binding(${inputNames.length + 1}) var<uniform> uniforms : Uniforms;
    ${code}

    @compute @workgroup_size(${workgroupThreads})
    fn start(
      @builtin(workgroup_id) workgroup : vec3<u32>,
      @builtin(num_workgroups) workgroups : vec3<u32>,
      @builtin(local_invocation_index) thread : u32,
    ) {
      main(i32((workgroup.y * workgroups.x + workgroup.x) * ${workgroupThreads}u + thread));
    }`;
}
