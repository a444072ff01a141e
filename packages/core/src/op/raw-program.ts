import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { workgroupThreads, type GpuProgram } from './webgpu-kernel.js';
import { dispatchOf, uniformMembers } from './webgpu-scope.js';

const pipelines = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>();

/**
 * Runs a program that names extensions. tfjs' own programs cannot: WGSL wants them enabled before the declarations that
 * tfjs writes first. Uses public members of tfjs' backend only; costs one submission more than a program of tfjs.
 */
export function runRawProgram(backend: WebGPUBackend, program: GpuProgram): TensorInfo {
  const { device } = backend;
  const output = backend.makeTensorInfo([...program.outputShape], program.outputDtype ?? 'float32');
  const buffers = [output, ...Object.values(program.inputs)].map(({ dataId }) => {
    backend.uploadToGPU(dataId);
    return backend.tensorMap.get(dataId).resource as GPUBuffer;
  });
  const numbers = uniformBuffer(device, program);
  const pipeline = pipelineOf(device, program);
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

function uniformBuffer(device: GPUDevice, { uniforms = {} }: GpuProgram): GPUBuffer {
  const numbers = Object.values(uniforms);
  const size = Math.ceil(numbers.length / 4) * 16;
  const buffer = device.createBuffer({ size, usage: GPUBufferUsage.UNIFORM, mappedAtCreation: true });
  const view = new DataView(buffer.getMappedRange());
  numbers.forEach((uniform, i) => {
    if (typeof uniform === 'number') view.setInt32(i * 4, uniform, true);
    else view.setFloat32(i * 4, uniform.float, true);
  });
  buffer.unmap();
  return buffer;
}

function pipelineOf(device: GPUDevice, program: GpuProgram): GPUComputePipeline {
  let ofDevice = pipelines.get(device);
  if (!ofDevice) pipelines.set(device, (ofDevice = new Map()));
  let pipeline = ofDevice.get(program.key);
  if (!pipeline) {
    const module = device.createShaderModule({ code: shaderCode(program) });
    pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'start' } });
    ofDevice.set(program.key, pipeline);
  }
  return pipeline;
}

/** Gives `code` the names that it has in a program of tfjs, except `uniforms.size`. */
function shaderCode(program: GpuProgram): string {
  const { code, inputs, vectors, extensions = [], outputDtype } = program;
  const array = (name: string, dtype = 'float32') => {
    const number = dtype === 'float32' ? 'f32' : 'i32';
    return `array<${vectors?.includes(name) ? `vec4<${number}>` : number}>`;
  };
  const names = Object.keys(inputs);
  const bindings = names.map(
    (name, i) => `@group(0) @binding(${i + 1}) var<storage, read> ${name} : ${array(name, inputs[name].dtype)};`,
  );
  return /* wgsl */ `
    ${extensions.map((extension) => `enable ${extension};`).join('\n')}
    diagnostic(off, subgroup_uniformity); // the analysis takes all that depends on a thread's index for divergent
    struct Uniforms { ${uniformMembers(program)} }
    @group(0) @binding(0) var<storage, read_write> result : ${array('result', outputDtype)};
    ${bindings.join('\n')}
    @group(0) @binding(${names.length + 1}) var<uniform> uniforms : Uniforms;
    ${code()}

    @compute @workgroup_size(${workgroupThreads})
    fn start(
      @builtin(workgroup_id) workgroup : vec3<u32>,
      @builtin(num_workgroups) workgroups : vec3<u32>,
      @builtin(local_invocation_index) thread : u32,
    ) {
      main(i32((workgroup.y * workgroups.x + workgroup.x) * ${workgroupThreads}u + thread));
    }`;
}
