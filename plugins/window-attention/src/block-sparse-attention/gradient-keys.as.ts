import { scalePanel } from '../attention/lay-out.as';
import { excessOf, layRowsInChannels, layRowsInFours } from '../attention/sequence-rows.as';
import { divideGroup, useGroup } from './gradient-group.as';

// @ts-ignore: decorator of AssemblyScript
@inline
function padded(count: usize, width: usize): usize {
  return (count + width - 1) & ~(width - 1);
}

// Where the parts of a thread's scratch begin; it serves the keys of one head at a time.
let keyFours: usize = 0; // f32[keys / 4, channels, 4]
let keyChannels: usize = 0; // f32[channels / 4, keys padded to 4, 4]
let valueFours: usize = 0; // f32[keys / 4, valueChannels, 4]
let keySums: usize = 0; // f32[keys padded to 4, channels padded to 8]
let valueSums: usize = 0; // f32[keys padded to 4, valueChannels padded to 8]

/** @returns where the scratch ends that begins at `start` */
export function divideKeys(start: usize, keys: usize, channels: usize, valueChannels: usize): usize {
  const bytes = padded(keys, 4) << 2;
  keyFours = (start + 63) & ~63;
  keyChannels = keyFours + bytes * channels;
  valueFours = keyChannels + bytes * padded(channels, 4);
  keySums = valueFours + bytes * valueChannels;
  valueSums = keySums + bytes * padded(channels, 8);
  return divideGroup(valueSums + bytes * padded(valueChannels, 8), channels, valueChannels);
}

/** @param k f32[keys, channels]  @param v f32[keys, valueChannels]  @param bits u32[], of the segments that addGroup gets */
export function layOutKeys(k: usize, v: usize, bits: usize, keys: usize, channels: usize, valueChannels: usize, scale: f32): void {
  const count = padded(keys, 4);
  layRowsInFours(k, keys, channels, keyFours);
  layRowsInChannels(k, keys, count, channels, 4, keyChannels);
  layRowsInFours(v, keys, valueChannels, valueFours);
  memory.fill(keySums, 0, count * (padded(channels, 8) << 2));
  memory.fill(valueSums, 0, count * (padded(valueChannels, 8) << 2));
  const areFinite = excessOf(k, keys * channels) == 0;
  useGroup(keyFours, keyChannels, valueFours, keySums, valueSums, bits, count, channels, valueChannels, areFinite, scale);
}

/** @param dk f32[keys, channels]  @param dv f32[keys, valueChannels] */
export function writeKeyGradients(dk: usize, dv: usize, keys: usize, channels: usize, valueChannels: usize, scale: f32): void {
  copyRows(keySums, keys, channels, scale, dk);
  copyRows(valueSums, keys, valueChannels, 1, dv);
}

/** Rows without what they are padded with, times a factor. */
function copyRows(rows: usize, count: usize, channels: usize, factor: f32, to: usize): void {
  const rowBytes = padded(channels, 8) << 2;
  scalePanel(rows, (count * rowBytes) >> 5, factor);
  for (let row: usize = 0; row < count; row++) memory.copy(to + row * (channels << 2), rows + row * rowBytes, channels << 2);
}
