export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
