import { requireFormat } from '../../format-error.js';
import { reshape, transpose } from '../../lowering/layout.js';
import { pad, slice } from '../../lowering/slicing.js';
import { plainOrder, type Length } from '../../lowering/value.js';
import { input, knownInput, type TfliteOp, type TfliteOperation } from '../tflite-operation.js';

/** Operators around convolutions that TensorFlow dilates by them: axes of places behind the batch become parts of it. */
export const batchOps: Readonly<Record<string, TfliteOp>> = {
  SPACE_TO_BATCH_ND(operation) {
    const { builder } = operation;
    const [blocks, amounts] = blocksAndAmounts(operation);
    const given = input(operation, 0);
    const x = pad(builder, given, given.shape.map((_, axis) => amounts[axis - 1] ?? [0, 0]), 0); // prettier-ignore
    const [batch, ...rest] = x.shape;
    const counts = blocks.map((block, i) => builder.dividedBy(rest[i], block));
    const behind = rest.slice(blocks.length);
    const parts = reshape(builder, x, [batch, ...counts.flatMap((count, i) => [count, blocks[i]]), ...behind]);
    const [ofBlocks, ofCounts] = [2, 1].map((first) => blocks.map((_, i) => first + 2 * i));
    const last = plainOrder(parts.shape.length).slice(1 + 2 * blocks.length);
    const moved = transpose(builder, parts, [...ofBlocks, 0, ...ofCounts, ...last]);
    const all = blocks.reduce<Length>((product, block) => builder.times(product, block), batch);
    return reshape(builder, moved, [all, ...counts, ...behind]);
  },
  BATCH_TO_SPACE_ND(operation) {
    const { builder } = operation;
    const [blocks, amounts] = blocksAndAmounts(operation);
    const [all, ...rest] = input(operation, 0).shape;
    const batch = builder.dividedBy(all, blocks.reduce((product, block) => product * block, 1)); // prettier-ignore
    const behind = rest.slice(blocks.length);
    const parts = reshape(builder, input(operation, 0), [...blocks, batch, ...rest]);
    const count = blocks.length;
    const last = plainOrder(parts.shape.length).slice(1 + 2 * count);
    const moved = transpose(builder, parts, [count, ...blocks.flatMap((_, i) => [count + 1 + i, i]), ...last]);
    const whole = blocks.map((block, i) => builder.times(rest[i], block));
    const ends = amounts.map(([before, after], i) => ({ axis: i + 1, start: before, end: after === 0 ? Infinity : -after })); // prettier-ignore
    return slice(builder, reshape(builder, moved, [batch, ...whole, ...behind]), ends);
  },
};

function blocksAndAmounts(operation: TfliteOperation): [blocks: readonly number[], amounts: [number, number][]] {
  const [blocks, amounts] = [knownInput(operation, 1), knownInput(operation, 2)];
  const { shape } = input(operation, 0);
  const isFitting = blocks.length < shape.length && amounts.length === 2 * blocks.length;
  const areCounts = blocks.every((block) => block >= 1) && amounts.every((amount) => amount >= 0);
  requireFormat(isFitting && areCounts, 'readTflite', `${operation.op} must have blocks of less than ${shape.length} axes, and 2 amounts for each`, [blocks, amounts]); // prettier-ignore
  return [blocks, blocks.map((_, i) => [amounts[2 * i], amounts[2 * i + 1]])];
}
