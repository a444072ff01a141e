/** WGSL that limits `sum`; NaN stays, which WGSL's clamp does not promise. */
export function clampCode(low: number, high: number): string {
  const lines: string[] = [];
  if (Number.isFinite(low)) lines.push(`if (sum < ${low.toFixed(1)}) { sum = ${low.toFixed(1)}; }`);
  if (Number.isFinite(high)) lines.push(`if (sum > ${high.toFixed(1)}) { sum = ${high.toFixed(1)}; }`);
  return lines.join('\n      ');
}
