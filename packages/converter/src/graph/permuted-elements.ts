/**
 * Elements with their axes in another order: axis i of the result is axis `axes[i]` of what is given.
 *
 * @param axes a permutation
 */
export function permutedElements<T extends Float32Array | Int32Array | Uint8Array>(
  values: T,
  shape: readonly number[],
  axes: readonly number[],
): T {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const newShape = axes.map((axis) => shape[axis]);
  const steps = axes.map((axis) => strides[axis]);
  const place = newShape.map(() => 0);
  const result = values.slice();
  let source = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = values[source];
    for (let axis = newShape.length - 1; axis >= 0; axis--) {
      source += steps[axis];
      if (++place[axis] < newShape[axis]) break;
      source -= place[axis] * steps[axis];
      place[axis] = 0;
    }
  }
  return result as T;
}
