import { layersOf, releaseReplacements, replaceLayers, type LayerReplacement } from '@tfjs-sparse/layers';
import type { layers, LayersModel } from '@tensorflow/tfjs-layers';

/** A layers model in the converter's form: the model, which stays as it is, and what takes the place of its layers. */
export class ModelLayers {
  readonly kind = 'layers';
  readonly #replacements = new Map<layers.Layer, LayerReplacement>();

  constructor(readonly model: LayersModel) {}

  /** Those of models inside too, each once. */
  get nodes(): layers.Layer[] {
    return [...new Set(layersOf(this.model))].filter((layer) => !this.#replacements.has(layer));
  }

  nameOf({ name }: layers.Layer): string {
    return name;
  }

  opOf(layer: layers.Layer): string {
    return layer.getClassName();
  }

  replace(layer: layers.Layer, replacement: LayerReplacement): void {
    this.#replacements.set(layer, replacement);
  }

  /** The new model; it takes the replacements. */
  build(): Promise<LayersModel> {
    const replacements = new Map(this.#replacements);
    this.#replacements.clear();
    return replaceLayers(this.model, replacements);
  }

  /** Frees replacements that no model was built of. */
  dispose(): void {
    releaseReplacements(this.#replacements.values());
    this.#replacements.clear();
  }
}
