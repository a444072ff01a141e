import { stripTemplates } from '../scripts/strip-wgsl.mjs';

describe('stripTemplates', () => {
  it('takes comments and indentation out of tagged templates alone, and keeps the lines', () => {
    const source = [
      'const a = `  kept // kept`; // kept',
      'const b = /* wgsl */ `',
      '  // One thread per element.',
      '  fn main() { // says why',
      "    x = ${isBig ? '1.0 // kept' : `{${y}}`} * 2;   ",
      '  }`; // kept',
      'const c = /* wgsl */ `  let z = 1; // ${kept} kept',
      '  // gone',
      '`;',
    ];
    expect(stripTemplates(source.join('\n')).split('\n')).toEqual([
      source[0],
      source[1],
      '',
      'fn main() {',
      "x = ${isBig ? '1.0 // kept' : `{${y}}`} * 2;",
      '}`; // kept',
      source[6],
      '',
      '`;',
    ]);
  });

  it('changes nothing twice', () => {
    const once = stripTemplates('f(/* wgsl */ `\n  a // b\n  ${c}\n`);');
    expect(stripTemplates(once)).toBe(once);
  });
});
