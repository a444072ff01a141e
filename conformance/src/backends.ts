/** A way to run every kernel: a tfjs backend, and on cpu which of the two kernels it runs. */
export interface BackendVariant {
  /** Suffix of ids: cpu (the WASM kernels, copying in and out), cpu-plain (the specification), wasm, webgl, webgpu, webgpu-extended. */
  readonly name: string;
  readonly tfjsName: string;
  readonly isPlain: boolean;
  /** Runs on the device of `enableExtendedDevice`. */
  readonly isExtended: boolean;
}

/** The variants of backends in the order to run them: `cpu` runs both ways, the plain kernels last, as they stay. */
export function variantsOf(backends: readonly string[]): BackendVariant[] {
  const variants = backends.map((name) => {
    const isExtended = name === 'webgpu-extended';
    return { name, tfjsName: isExtended ? 'webgpu' : name, isPlain: false, isExtended };
  });
  return backends.includes('cpu')
    ? [...variants, { name: 'cpu-plain', tfjsName: 'cpu', isPlain: true, isExtended: false }]
    : variants;
}

/** The id of a case on one backend; expectations, which are per backend, leave the suffix out. */
export function idOn(variant: BackendVariant, id: string): string {
  return `${id};backend=${variant.name}`;
}
