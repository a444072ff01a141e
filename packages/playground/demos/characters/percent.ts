/** A share in percent; a dash where there is nothing of which to have one. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${(100 * share).toFixed(1)} %`;
}
