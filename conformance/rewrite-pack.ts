import { readSafetensors } from '@tfjs-sparse/core';
import { GaussianMixture, loadPack, type PackManifest } from '@tfjs-sparse/packs';
import { savedModel, writePack } from '@tfjs-sparse/packs/write-pack';
import '@tfjs-sparse/shakespeare-topk/layers';
import '@tfjs-sparse/sparse-conv/layers';
import '@tfjs-sparse/sparse-matmul/layers';
import '@tfjs-sparse/topk/layers';

/** Writes into `folder` what today's layers and writer make of the pack in `source`: the same weights and golden. */
export async function rewritePack(source: string, folder: string): Promise<PackManifest> {
  const { manifest, model, files, dispose } = await loadPack(source);
  const { files: listed, ...described } = manifest;
  const contentsOf = (role: string) => {
    const file = listed.find((each) => each.role === role);
    return file && files.get(file.path)!;
  };
  try {
    const golden = readSafetensors(new Uint8Array(contentsOf('golden')!));
    const isHalf = contentsOf('weights')!.byteLength < Float32Array.BYTES_PER_ELEMENT * model.countParams();
    const mixture = contentsOf('novelty');
    return await writePack(folder, {
      manifest: described,
      model: await savedModel(model, isHalf ? 'float16' : 'float32'),
      golden: { tensors: golden.tensors, source: golden.metadata.get('source')! },
      novelty: mixture && GaussianMixture.fromJSON(JSON.parse(new TextDecoder().decode(mixture))),
    });
  } finally {
    dispose();
  }
}
