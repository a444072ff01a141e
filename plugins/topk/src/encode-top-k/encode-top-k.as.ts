import { layFourRows } from '@tfjs-sparse/core/src/assembly/lay-four-rows.as';
import { addRowBlock, panelBytes } from '@tfjs-sparse/core/src/assembly/row-block.as';
import { keyOf, valueOfKey } from '../selection/keys.as';
import { trimTo } from '../selection/candidates.as';
import { writeInOrder } from '../selection/order.as';

// A panel is eight features, a block four rows of x. The panel passes by all blocks of an item and gives 4 x 8 products
// each. Of a row all that exceeds the k-th greatest so far is noted, and from time to time the list is cut down to k.

/** Values that the list of a row holds. */
function listLength(k: usize): usize {
  return 4 * k + 32;
}

/** Bytes of the list of a row: indices, keys and their padding. */
function listBytes(k: usize): usize {
  return (listLength(k) << 3) + 64; // keys are padded
}

/** Bytes to put k candidates in order. */
function orderBytes(k: usize): usize {
  return ((k + 16) << 3) + ((k + 32) << 2);
}

/** Bytes that a thread of encodeTopK needs for items of so many rows, a multiple of 4. */
export function encodeTopKScratch(rowsOfItem: usize, width: usize, k: usize): usize {
  const lists = rowsOfItem * (listBytes(k) + 8);
  return rowsOfItem * (width << 2) + width * panelBytes + 256 + lists + orderBytes(k);
}

/**
 * The k greatest of x * dictionary^T + bias in each row, the greatest first, and their features.
 *
 * @param first @param end items of rowsOfItem rows, a multiple of 4  @param thread whose scratch to use
 * @param x f32[rows, width]  @param dictionary f32[features, width]  @param bias f32[features], or 0
 * @param values f32[rows, k]  @param indices i32[rows, k], 0 < k <= features
 * @param scratch encodeTopKScratch bytes for each thread
 */
export function encodeTopK(
  first: usize,
  end: usize,
  thread: usize,
  x: usize,
  dictionary: usize,
  bias: usize,
  values: usize,
  indices: usize,
  scratch: usize,
  rows: usize,
  features: usize,
  width: usize,
  k: usize,
  rowsOfItem: usize,
): void {
  const columns = scratch + thread * encodeTopKScratch(rowsOfItem, width, k);
  const panel = columns + rowsOfItem * (width << 2);
  const biases = panel + width * panelBytes;
  const products = biases + panelBytes;
  const counts = products + 128;
  const bounds = counts + (rowsOfItem << 2);
  const order = (bounds + (rowsOfItem << 2) + 63) & ~63;
  const lists = order + orderBytes(k);
  for (let item = first; item < end; item++) {
    const firstRow = item * rowsOfItem;
    const itemRows = min(rowsOfItem, rows - firstRow);
    layOutBlocks(x + firstRow * (width << 2), itemRows, width, columns);
    for (let row: usize = 0; row < itemRows; row++) {
      store<u32>(counts + (row << 2), 0);
      store<i32>(bounds + (row << 2), i32.MIN_VALUE);
    }
    for (let feature: usize = 0; feature < features; feature += 8) {
      const panelFeatures = min(features - feature, 8);
      layOutPanel(dictionary, bias, feature, panelFeatures, width, panel, biases);
      for (let row: usize = 0; row < itemRows; row += 4) {
        multiply(biases, columns + row * (width << 2), panel, products, width);
        for (let each: usize = 0; each < min(itemRows - row, 4); each++) {
          const at = (row + each) << 2;
          const list = lists + (row + each) * listBytes(k);
          noteGreater(products + each * panelBytes, feature, panelFeatures, list, counts + at, bounds + at, k);
        }
      }
    }
    for (let row: usize = 0; row < itemRows; row++) {
      const list = lists + row * listBytes(k);
      const count = load<u32>(counts + (row << 2)) as usize;
      const to = (firstRow + row) * (k << 2);
      writeGreatest(list, count, order, values + to, indices + to, k);
    }
  }
}

/** Rows of x in blocks of four, channel by channel; the last block repeats its last row. */
function layOutBlocks(x: usize, rows: usize, width: usize, columns: usize): void {
  const rowBytes = width << 2;
  const last = x + (rows - 1) * rowBytes;
  for (let row: usize = 0; row < rows; row += 4) {
    const from = x + row * rowBytes;
    const row1 = min(from + rowBytes, last), row2 = min(from + 2 * rowBytes, last), row3 = min(from + 3 * rowBytes, last);
    layFourRows(from, row1, row2, row3, rowBytes, columns + row * rowBytes, 16);
  }
}

/** Eight features of the dictionary, channel by channel, and their biases; beyond the last one it is repeated. */
function layOutPanel(
  dictionary: usize,
  bias: usize,
  feature: usize,
  count: usize,
  width: usize,
  panel: usize,
  biases: usize,
): void {
  const rowBytes = width << 2;
  const from = dictionary + feature * rowBytes;
  const last = from + (count - 1) * rowBytes;
  for (let half: usize = 0; half < 2; half++) {
    const row0 = from + 4 * half * rowBytes;
    const row1 = min(row0 + rowBytes, last), row2 = min(row0 + 2 * rowBytes, last), row3 = min(row0 + 3 * rowBytes, last);
    layFourRows(min(row0, last), row1, row2, row3, rowBytes, panel + (half << 4), panelBytes);
  }
  memory.fill(biases, 0, panelBytes);
  if (bias != 0) memory.copy(biases, bias + (feature << 2), count << 2);
}

/** @param products f32[4, 8] */
function multiply(biases: usize, columns: usize, panel: usize, products: usize, width: usize): void {
  const row1 = products + 32, row2 = products + 64, row3 = products + 96;
  const columnsEnd = columns + (width << 4);
  addRowBlock(biases, biases, biases, biases, products, row1, row2, row3, columns, columnsEnd, panel);
}

/** Notes those of the eight products of a row that exceed its bound. */
// @ts-ignore: decorator of AssemblyScript
@inline
function noteGreater(
  products: usize,
  feature: usize,
  features: usize,
  list: usize,
  count: usize,
  bound: usize,
  k: usize,
): void {
  const most = f32x4.splat(valueOfKey(load<i32>(bound)));
  const low = f32x4.le(v128.load(products), most), high = f32x4.le(v128.load(products, 16), most);
  if (i32x4.all_true(v128.and(low, high))) return; // a NaN is not at most anything
  for (let each: usize = 0; each < features; each++) {
    note(keyOf(load<f32>(products + (each << 2))), feature + each, list, count, bound, k);
  }
}

function note(key: i32, feature: usize, list: usize, count: usize, bound: usize, k: usize): void {
  if (key <= load<i32>(bound)) return; // of equal ones the first is there
  const keys = list + (listLength(k) << 2);
  const place = load<u32>(count) as usize;
  store<u32>(list + (place << 2), feature as u32);
  store<i32>(keys + (place << 2), key);
  if (place + 1 < listLength(k)) {
    store<u32>(count, (place + 1) as u32);
  } else {
    store<i32>(bound, trimTo(k, list, keys, place + 1));
    store<u32>(count, k as u32);
  }
}

/** @param scratch u64[k + 16], and behind it u32[k] */
function writeGreatest(list: usize, count: usize, scratch: usize, values: usize, indices: usize, k: usize): void {
  const keys = list + (listLength(k) << 2);
  trimTo(k, list, keys, count);
  const places = scratch + ((k + 16) << 3);
  for (let i: usize = 0; i < k; i++) store<u32>(places + (i << 2), i as u32);
  writeInOrder(places, keys, k, scratch, indices, k);
  for (let i: usize = 0; i < k; i++) {
    const place = load<u32>(indices + (i << 2)) << 2;
    store<f32>(values + (i << 2), valueOfKey(load<i32>(keys + place)));
    store<u32>(indices + (i << 2), load<u32>(list + place));
  }
}
