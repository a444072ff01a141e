/** The value of an option. @throws RangeError that names it */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new RangeError(`start: ${option} must be ${least} to ${most}, got ${text || 'nothing'}`);
  return value;
}
