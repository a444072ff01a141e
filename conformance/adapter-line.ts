import { gpuAdapterName } from '@tfjs-sparse/core';

/** The line that says which adapter ran: in capitals where it is no GPU. */
export async function adapterLine(): Promise<string> {
  const adapter = await gpuAdapterName();
  if (!adapter) return 'webgpu adapter: none';
  return adapter.isSoftware
    ? `SOFTWARE ADAPTER, NO GPU WAS TESTED: ${adapter.name}`
    : `webgpu adapter: ${adapter.name}`;
}
