export interface ColumnSums {
  inputs: { x: 'float32' };
  outputs: { sums: 'float32' };
  attrs: object;
}
