import type { ModuleTree } from '@tfjs-sparse/converter/checkpoints';

/**
 * How spconv kept weights, by their shapes: 1.x `[...kernel, in, out]`, 2.x `[out, ...kernel, in]`.
 *
 * @param convolutions paths and the sizes of their kernels
 * @returns null where the shapes are those of neither; 2.x where they fit both
 */
export function spconvLayout(
  tree: ModuleTree,
  convolutions: readonly (readonly [path: string, kernelSize: readonly number[]])[],
): 'spconv1' | 'spconv2' | null {
  const fits = (start: number) =>
    convolutions.every(([path, kernelSize]) => {
      const shape = tree.shape('spconvLayout', path, 'weight');
      const isRank = shape.length === kernelSize.length + 2;
      return isRank && kernelSize.every((size, axis) => shape[start + axis] === size);
    });
  if (fits(1)) return 'spconv2';
  return fits(0) ? 'spconv1' : null;
}
