/** Sizes of a network whose decoder has no blocks. */
export interface LitePTSizes {
  readonly encoderChannels: readonly number[];
  readonly encoderDepths: readonly number[];
  /** Default 1 each. */
  readonly encoderHeads?: readonly number[];
  /** Of each stage. */
  readonly hasConvolution: readonly boolean[];
  readonly hasAttention: readonly boolean[];
  readonly decoderChannels?: readonly number[];
  readonly patchSize?: number;
  readonly hiddenRatio?: number;
}

/** Shapes of the weights by their names in the network. */
export function litePTWeightShapes(sizes: LitePTSizes, channels: number): Record<string, number[]> {
  const { encoderChannels, encoderDepths, decoderChannels = [], hiddenRatio = 4 } = sizes;
  const shapes: Record<string, number[]> = { 'stem.kernel': [125, channels, encoderChannels[0]] };
  const norm = (name: string, width: number) => {
    shapes[`${name}.gamma`] = [width];
    shapes[`${name}.beta`] = [width];
  };
  const batchNorm = (name: string, width: number) => {
    norm(name, width);
    shapes[`${name}.moving_mean`] = [width];
    shapes[`${name}.moving_variance`] = [width];
  };
  const linear = (name: string, from: number, to: number) => {
    shapes[`${name}.kernel`] = [from, to];
    shapes[`${name}.bias`] = [to];
  };
  batchNorm('stem_norm', encoderChannels[0]);
  encoderChannels.forEach((width, stage) => {
    if (stage > 0) {
      linear(`pool${stage}.linear`, encoderChannels[stage - 1], width);
      batchNorm(`pool${stage}.norm`, width);
    }
    for (let block = 0; block < encoderDepths[stage]; block++) {
      const path = `encoder${stage}_block${block}`;
      if (sizes.hasConvolution[stage]) {
        shapes[`${path}.convolution.kernel`] = [27, width, width];
        shapes[`${path}.convolution.bias`] = [width];
        linear(`${path}.branch_linear`, width, width);
        norm(`${path}.branch_norm`, width);
      } else norm(`${path}.norm0`, width);
      if (!sizes.hasAttention[stage]) continue;
      shapes[`${path}.attention.qkv`] = [width, 3 * width];
      shapes[`${path}.attention.qkv_bias`] = [3 * width];
      shapes[`${path}.attention.output`] = [width, width];
      shapes[`${path}.attention.output_bias`] = [width];
      norm(`${path}.norm1`, width);
      norm(`${path}.norm2`, width);
      linear(`${path}.inner`, width, hiddenRatio * width);
      linear(`${path}.outer`, hiddenRatio * width, width);
    }
  });
  decoderChannels.forEach((width, stage) => {
    const deep = decoderChannels[stage + 1] ?? encoderChannels[encoderChannels.length - 1];
    for (const [part, from] of [['fine', encoderChannels[stage]], ['coarse', deep]] as const) {
      linear(`unpool${stage}.${part}_linear`, from, width);
      batchNorm(`unpool${stage}.${part}_norm`, width);
    }
  }); // prettier-ignore
  return shapes;
}

/** All names that a network of up to such sizes can have. */
export function litePTWeightNames(sizes: LitePTSizes): string[] {
  const decoder = { decoderChannels: sizes.encoderChannels.slice(1) };
  const withConvolutions = litePTWeightShapes({ ...sizes, ...decoder }, 1);
  const without = litePTWeightShapes({ ...sizes, hasConvolution: sizes.encoderChannels.map(() => false) }, 1);
  return Object.keys({ ...withConvolutions, ...without });
}
