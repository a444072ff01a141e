/**
 * Packs a filter in panels of 8 output channels, zero-padding the last panel.
 *
 * @param filter f32[offsets, inChannels * outChannels]  @param packed f32[offsets, panels, inChannels, 8]
 * @param inStride   elements from one input channel to the next: outChannels, or 1 for the transpose of each matrix
 * @param outStride  elements from one output channel to the next: 1, or inChannels for the transpose
 */
export function packFilter(
  filter: usize,
  packed: usize,
  offsets: usize,
  inChannels: usize,
  outChannels: usize,
  inStride: usize,
  outStride: usize,
): void {
  for (let offset: usize = 0; offset < offsets; offset++) {
    for (let panel: usize = 0; panel < outChannels; panel += 8) {
      for (let input: usize = 0; input < inChannels; input++) {
        for (let output: usize = panel; output < panel + 8; output++) {
          const element = input * inStride + output * outStride;
          store<f32>(packed, output < outChannels ? load<f32>(filter + (element << 2)) : 0);
          packed += 4;
        }
      }
    }
    filter += (inChannels * outChannels) << 2;
  }
}
