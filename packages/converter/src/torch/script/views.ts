import { reshape } from '../../lowering/layout.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import type { Length, Value } from '../../lowering/value.js';
import { atenOps } from '../aten/index.js';
import { AtenOperation, type AtenArgument } from '../aten-operation.js';
import type { TensorBox, View } from './tensor-box.js';

/** Views that have the elements of the tensor in its own order. */
const reshaped = new Set(['alias', 'detach', 'flatten', 'squeeze', 'unflatten', 'unsqueeze', 'view']);
/** Views of parts, and the ops that write them into the tensor. */
const parts: Readonly<Record<string, 'select_scatter' | 'slice_scatter'>> = {
  chunk: 'slice_scatter',
  select: 'select_scatter',
  slice: 'slice_scatter',
  split: 'slice_scatter',
  split_with_sizes: 'slice_scatter',
  unbind: 'select_scatter',
  unsafe_chunk: 'slice_scatter',
  unsafe_split: 'slice_scatter',
};
/** Ops whose result may share memory with their first argument in another way. */
const shared = new Set(
  `contiguous dropout expand expand_as feature_dropout movedim mT narrow numpy_T permute positive ravel reshape reshape_as
  swapaxes swapdims t to transpose type_as unfold view_as`.split(/\s+/),
);

/** What an op made of its first argument. */
export interface MadeViews {
  readonly op: string;
  readonly self: TensorBox;
  readonly given: ReadonlyMap<string, AtenArgument>;
  readonly parts: readonly (Value | null)[];
  /** The same of a tensor that has changed. */
  again(whole: Value): readonly (Value | null)[];
}

/** What makes the results of an op views, by their numbers; null where they have memory of their own. */
export function viewsOf(builder: TensorBuilder, made: MadeViews): ((index: number) => View) | null {
  const { op, self, again } = made;
  const isPart = Object.hasOwn(parts, op);
  if (!isPart && !reshaped.has(op) && !shared.has(op)) return null;
  const ways: (index: number) => View['write'] = (index) => {
    if (reshaped.has(op)) return (whole, part) => reshape(builder, part, whole.shape);
    return isPart ? (whole, part) => written(builder, made, index, whole, part) : null;
  };
  return (index) => ({ of: self, read: (whole) => again(whole)[index]!, write: ways(index) });
}

function written(builder: TensorBuilder, made: MadeViews, index: number, whole: Value, part: Value): Value {
  const { op, given } = made;
  const into = new Map(given).set('self', whole).set('src', part);
  if (op === 'unbind') into.set('index', index);
  else if (parts[op] === 'slice_scatter' && op !== 'slice') {
    const axis = (given.get('dim') as number | undefined) ?? 0;
    const lengths = made.parts.map((each) => each!.shape.at(axis)!);
    const start = lengths.slice(0, index).reduce<Length>((sum, length) => builder.plus(sum, length), 0);
    into.set('dim', axis).set('start', start).set('end', builder.plus(start, lengths[index])).set('step', 1);
  }
  return [atenOps[parts[op]](new AtenOperation(builder, parts[op], into, whole.dtype))].flat()[0] as Value;
}
