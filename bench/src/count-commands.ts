/** How many compute passes are dispatched, and how many buffers mapped to be read, by one run on the device. */
export async function countCommands(
  run: () => void,
  finish: () => Promise<void>,
): Promise<{ dispatches: number; readBacks: number }> {
  const counts = { dispatches: 0, readBacks: 0 };
  const passes = GPUComputePassEncoder.prototype;
  const buffers = GPUBuffer.prototype;
  const { dispatchWorkgroups } = passes;
  const { mapAsync } = buffers;
  passes.dispatchWorkgroups = function (...sizes) {
    counts.dispatches++;
    return dispatchWorkgroups.apply(this, sizes);
  };
  buffers.mapAsync = function (...ranges) {
    counts.readBacks++;
    return mapAsync.apply(this, ranges);
  };
  try {
    run();
    await finish();
  } finally {
    Object.assign(passes, { dispatchWorkgroups });
    Object.assign(buffers, { mapAsync });
  }
  return counts;
}
