/** A way to run every kernel: a tfjs backend, and on cpu which of the two kernels it runs. */
export interface BackendVariant {
  /** Suffix of ids: cpu (the WASM kernels, copying in and out), cpu-plain (the specification), wasm, webgpu. */
  readonly name: string;
  readonly tfjsName: string;
  readonly isPlain: boolean;
}

/** `cpu` runs both ways. */
export function variantsOf(backend: string): BackendVariant[] {
  if (backend !== 'cpu') return [{ name: backend, tfjsName: backend, isPlain: false }];
  return [
    { name: 'cpu', tfjsName: 'cpu', isPlain: false },
    { name: 'cpu-plain', tfjsName: 'cpu', isPlain: true },
  ];
}
