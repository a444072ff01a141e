import type { io } from '@tensorflow/tfjs-core';
import type { ConverterPlugin } from '@tfjs-sparse/converter';
import { converterPlugin as sparseConv } from '@tfjs-sparse/sparse-conv/convert';
import * as sparseConvLayers from '@tfjs-sparse/sparse-conv/layers';
import { converterPlugin as sparseMatMul } from '@tfjs-sparse/sparse-matmul/convert';
import * as sparseMatMulLayers from '@tfjs-sparse/sparse-matmul/layers';
import { converterPlugin as topk } from '@tfjs-sparse/topk/convert';
import * as topkLayers from '@tfjs-sparse/topk/layers';
import { converterPlugin as windowAttention } from '@tfjs-sparse/window-attention/convert';
import * as windowAttentionLayers from '@tfjs-sparse/window-attention/layers';

const packages: readonly { readonly plugin: ConverterPlugin; readonly layers: object }[] = [
  { plugin: sparseConv, layers: sparseConvLayers },
  { plugin: sparseMatMul, layers: sparseMatMulLayers },
  { plugin: topk, layers: topkLayers },
  { plugin: windowAttention, layers: windowAttentionLayers },
];

/** What converted models may use; their layers are registered too. */
export const plugins: readonly ConverterPlugin[] = packages.map(({ plugin }) => plugin);

/** The same networks with nothing put onto other ops. */
export const densePlugins: readonly ConverterPlugin[] = plugins.map(({ name, architectures, onnxNetworks }) => ({
  name,
  architectures,
  onnxNetworks,
}));

/** The call that loads a saved model, and the imports before it. */
export function loadingText({ format, modelTopology }: io.ModelArtifacts): string {
  const isOfLayers = format === 'layers-model';
  const used = new Set(JSON.stringify(modelTopology).match(/(?<="(op|class_name)":")[^"]+/g));
  const imports = packages.flatMap(({ plugin, layers }) => {
    const brings = isOfLayers ? Object.values(layers).map(classNameOf) : (plugin.graphOps ?? []);
    const entry = isOfLayers ? 'layers' : 'graph-ops';
    return brings.some((name) => used.has(name)) ? `import '${plugin.name}/${entry}'` : [];
  });
  const call = `tf.${isOfLayers ? 'loadLayersModel' : 'loadGraphModel'}('model.json')`;
  return imports.length > 0 ? `${call} after ${imports.join(' and ')}` : call;
}

function classNameOf(exported: { readonly className?: string } | null): string {
  return exported?.className ?? '';
}
