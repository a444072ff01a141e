import type { DataId } from '@tensorflow/tfjs-core';

interface PackedForm {
  readonly value: number;
  readonly free: () => void;
}

interface DisposingBackend {
  disposeData(dataId: DataId, force?: boolean): boolean;
}

/** Derived forms of tensors (packed filters) by backend, tensor data and layout. They go with the tensor's data. */
const forms = new WeakMap<DisposingBackend, Map<DataId, Map<string, PackedForm>>>();

/** Makes `backend` free the packed forms of a tensor when it frees the tensor; tfjs itself has no such hook. */
export function watchDisposal(backend: DisposingBackend): void {
  if (forms.has(backend)) return;
  const ofBackend = new Map<DataId, Map<string, PackedForm>>();
  forms.set(backend, ofBackend);
  const disposeData = backend.disposeData;
  backend.disposeData = (dataId, force) => {
    const isGone = disposeData.call(backend, dataId, force);
    const ofTensor = isGone ? ofBackend.get(dataId) : undefined;
    if (ofTensor) {
      ofBackend.delete(dataId);
      for (const form of ofTensor.values()) form.free();
    }
    return isGone;
  };
}

/** The form of the tensor data `dataId` in `layout`, made by `make` on first use. `backend` must be watched. */
export function packedForm(backend: DisposingBackend, dataId: DataId, layout: string, make: () => PackedForm): number {
  const ofBackend = forms.get(backend)!;
  let ofTensor = ofBackend.get(dataId);
  if (!ofTensor) ofBackend.set(dataId, (ofTensor = new Map()));
  let form = ofTensor.get(layout);
  if (!form) ofTensor.set(layout, (form = make()));
  return form.value;
}

/** How many packed forms `backend` holds; for tests of leaks. */
export function packedFormCount(backend: DisposingBackend): number {
  let count = 0;
  for (const ofTensor of forms.get(backend)?.values() ?? []) count += ofTensor.size;
  return count;
}
