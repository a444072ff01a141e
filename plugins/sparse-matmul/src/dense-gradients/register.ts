import {
  getKernel,
  registerKernel,
  unregisterKernel,
  type KernelBackend,
  type KernelConfig,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { bindOp, type OpDefinition, type OpTypes } from '@tfjs-sparse/core';
import { convFilterGradientOp } from '../conv-filter-gradient/definition.js';
import { depthwiseFilterGradientOp, depthwiseInputGradientOp } from '../depthwise-gradients/definition.js';
import { imageGeometry, type Padding } from '../image-geometry.js';

interface ConvolutionAttrs {
  readonly strides: number | [number, number];
  readonly pad: Padding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly inputShape?: number[];
  readonly filterShape?: number[];
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: number | [number, number];
}

/**
 * Lets networks of convolutions train on tfjs' wasm backend, which has no kernels for the gradients of a convolution's
 * filter and of a depthwise convolution. There a 1x1 convolution's gradient for its input also becomes a convolution with
 * the transposed filter, thirty times faster than tfjs' own loop; for that the backend must be imported before.
 */
export function registerDenseGradients(): void {
  registerOnWasm('Conv2DBackpropFilter', convFilterGradientOp, ({ x }, { filterShape, ...attrs }) =>
    imageGeometry(x.shape, filterShape!, attrs.strides, attrs.pad, attrs.dimRoundingMode),
  );
  registerOnWasm('DepthwiseConv2dNativeBackpropInput', depthwiseInputGradientOp, ({ filter }, attrs) =>
    imageGeometry(attrs.inputShape!, filter.shape, attrs.strides, attrs.pad, attrs.dimRoundingMode),
  );
  registerOnWasm('DepthwiseConv2dNativeBackpropFilter', depthwiseFilterGradientOp, ({ x }, attrs) =>
    imageGeometry(x.shape, attrs.filterShape!, attrs.strides, attrs.pad, attrs.dimRoundingMode),
  );
  registerInputGradient();
}

type Inputs = Record<string, TensorInfo>;

/** Binds tfjs' kernel name to the kernel of our op, unless tfjs has one of its own. */
function registerOnWasm<T extends OpTypes>(
  kernelName: string,
  op: OpDefinition<T>,
  geometryOf: (inputs: Inputs, attrs: ConvolutionAttrs) => ReturnType<typeof imageGeometry>,
): void {
  if (getKernel(kernelName, 'wasm')) return;
  bindOp(op, 'wasm');
  const kernelFunc: KernelConfig['kernelFunc'] = ({ inputs, attrs, backend }) => {
    const geometry = geometryOf(inputs as Inputs, attrs as ConvolutionAttrs & NamedAttrMap);
    const params = { inputs, attrs: { geometry } as object as NamedAttrMap, backend };
    const [output] = getKernel(op.name, 'wasm').kernelFunc(params) as TensorInfo[];
    return output;
  };
  registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
}

/** Takes the place of tfjs' kernel, a plain loop, where the filter is a matrix. */
function registerInputGradient(): void {
  const kernelName = 'Conv2DBackpropInput';
  const general = getKernel(kernelName, 'wasm');
  if (!general) return;
  unregisterKernel(kernelName, 'wasm');
  registerKernel({
    ...general,
    kernelFunc(params) {
      const { dy, filter } = params.inputs as Inputs;
      const attrs = params.attrs as NamedAttrMap & ConvolutionAttrs;
      if (!isPointwise(dy, filter, attrs)) return general.kernelFunc(params);
      const { backend } = params;
      const transposed = getKernel('Transpose', 'wasm').kernelFunc({
        inputs: { x: filter },
        attrs: { perm: [0, 1, 3, 2] },
        backend,
      }) as TensorInfo;
      const dx = getKernel('Conv2D', 'wasm').kernelFunc({
        inputs: { x: dy, filter: transposed },
        attrs: { strides: 1, pad: 'valid', dataFormat: 'NHWC', dilations: 1 },
        backend,
      });
      (backend as KernelBackend).disposeData(transposed.dataId);
      return dx;
    },
  });
}

/** Whether each output pixel is the product of one input pixel and a matrix. */
function isPointwise(dy: TensorInfo, filter: TensorInfo, attrs: ConvolutionAttrs): boolean {
  const { strides, dataFormat, inputShape } = attrs;
  const hasStride = Array.isArray(strides) ? strides.some((stride) => stride !== 1) : strides !== 1;
  const keepsSize = inputShape![1] === dy.shape[1] && inputShape![2] === dy.shape[2];
  return dataFormat === 'NHWC' && !hasStride && keepsSize && filter.shape[0] === 1 && filter.shape[1] === 1;
}
