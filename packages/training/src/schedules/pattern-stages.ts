import { requireRange } from '@tfjs-sparse/core';

/** From step `begin` on, `n` of each `m` weights are kept. */
export interface PatternStage {
  readonly begin: number;
  readonly n: number;
  readonly m: number;
}

export interface StageOptions {
  /** The final pattern. */
  readonly n: number;
  readonly m: number;
  /** Steps of the whole training. */
  readonly total: number;
  /** Steps before the first stage, without masks; default 0. */
  readonly dense?: number;
  /** Steps at the end, with the final pattern; default 0. */
  readonly fineTune?: number;
}

/** Structure decay (progressive gradient flow, "sparsify"): m-1 of m, m/2 of m, m/4 of m, ... n of m. */
export function sparsifyStages(options: StageOptions): PatternStage[] {
  const { n, m } = options;
  const halvings = Math.log2(m / n);
  requireRange(Number.isInteger(halvings), 'sparsifyStages', 'm / n must be a power of 2', m / n);
  const kept = Array.from({ length: halvings }, (_, i) => m / 2 ** (i + 1));
  return spread(
    [m - 1, ...kept].map((count) => ({ n: count, m })),
    options,
  );
}

/** Geometric structure decay ("fine"): 8n of 8m, 4n of 4m, 2n of 2m, n of m. */
export function fineStages(options: StageOptions): PatternStage[] {
  const { n, m } = options;
  return spread(
    [8, 4, 2, 1].map((scale) => ({ n: scale * n, m: scale * m })),
    options,
  );
}

/** From sparse to denser ("densify"): n of 8m, n of 4m, n of 2m, n of m. */
export function densifyStages(options: StageOptions): PatternStage[] {
  const { n, m } = options;
  return spread(
    [8, 4, 2, 1].map((scale) => ({ n, m: scale * m })),
    options,
  );
}

/** Stages of equal length between the dense steps and the fine-tuning. */
function spread(
  patterns: { n: number; m: number }[],
  { total, dense = 0, fineTune = 0 }: StageOptions,
): PatternStage[] {
  requireRange(total >= dense + fineTune, 'patternStages', 'total must be at least dense + fineTune', total);
  const length = (total - dense - fineTune) / patterns.length;
  return patterns.map((pattern, i) => ({ begin: Math.floor(dense + i * length), ...pattern }));
}
