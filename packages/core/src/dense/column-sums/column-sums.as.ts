import { addColumns, foldTotals } from '../../assembly/column-sums.as';

/** @param x f32[rows, channels]  @param sums f32[channels]  @param totals f64[4, channels] scratch */
export function columnSums(x: usize, sums: usize, totals: usize, rows: usize, channels: usize): void {
  memory.fill(totals, 0, channels << 5);
  addColumns(x, rows, channels, totals);
  for (let channel: usize = 0; channel < channels; channel++) {
    store<f32>(sums + (channel << 2), foldTotals(totals, channel, channels) as f32);
  }
}
