/** Rows, as long as scale, normalised over their numbers. */
export function normalized(
  values: readonly number[],
  scale: readonly number[],
  offset: readonly number[],
  epsilon: number,
): number[] {
  const channels = scale.length;
  return values.map((value, i) => {
    const start = i - (i % channels);
    const row = values.slice(start, start + channels);
    const mean = row.reduce((sum, each) => sum + each, 0) / channels;
    const variance = row.reduce((sum, each) => sum + (each - mean) ** 2, 0) / channels;
    return ((value - mean) / Math.sqrt(variance + epsilon)) * scale[i % channels] + offset[i % channels];
  });
}
