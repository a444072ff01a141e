import type { AtenOp } from '../aten-operation.js';
import { activationOps } from './activations.js';
import { arithmeticOps } from './arithmetic.js';
import { comparisonOps } from './comparisons.js';
import { convolutionOps } from './convolutions.js';
import { creationOps } from './creation.js';
import { gatherOps } from './gathers.js';
import { identityOps } from './identities.js';
import { limitOps } from './limits.js';
import { normalizationOps } from './normalizations.js';
import { paddingOps } from './paddings.js';
import { poolingOps } from './poolings.js';
import { productOps } from './products.js';
import { recurrentOps } from './recurrent.js';
import { reductionOps } from './reductions.js';
import { resizeOps } from './resizes.js';
import { partOps } from './shape-parts.js';
import { repeatOps } from './shape-repeats.js';
import { shapeOps } from './shapes.js';

/** Second names of ops. */
const sameOps: Readonly<Record<string, string>> = {
  absolute: 'abs',
  concat: 'cat',
  concatenate: 'cat',
  divide: 'div',
  fix: 'trunc',
  moveaxis: 'movedim',
  multiply: 'mul',
  negative: 'neg',
  subtract: 'sub',
};

const ops: Readonly<Record<string, AtenOp>> = {
  ...activationOps,
  ...arithmeticOps,
  ...comparisonOps,
  ...convolutionOps,
  ...creationOps,
  ...gatherOps,
  ...identityOps,
  ...limitOps,
  ...normalizationOps,
  ...paddingOps,
  ...partOps,
  ...poolingOps,
  ...productOps,
  ...recurrentOps,
  ...reductionOps,
  ...repeatOps,
  ...resizeOps,
  ...shapeOps,
};

/** How ops of ATen become nodes of tfjs, by their names, with the overload where overloads differ in what they compute. */
export const atenOps: Readonly<Record<string, AtenOp>> = {
  ...ops,
  ...Object.fromEntries(Object.entries(sameOps).map(([name, op]) => [name, ops[op]])),
};

const prefix = 'torch.ops.aten.';

/** The op's name in `atenOps`, that of a change in place as of the op without one; null where it is not covered. */
export function atenOpName(target: string): string | null {
  if (!target.startsWith(prefix)) return null;
  const full = target.slice(prefix.length);
  const [name] = full.split('.');
  const inPlace = isInPlace(target) ? name.slice(0, -1) : name;
  const names = [full, name, full.replace(name, inPlace), inPlace];
  return names.find((each) => Object.hasOwn(atenOps, each)) ?? null;
}

/** Whether an op writes into its tensor `self`: `relu_`, not `__and__`. */
export function isInPlace(target: string): boolean {
  return /^torch\.ops\.aten\.\w*[^_\W]_\./.test(target);
}
