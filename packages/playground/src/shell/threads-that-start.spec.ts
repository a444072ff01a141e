import { threadsThatStart } from './threads-that-start.js';

describe('threadsThatStart', () => {
  it('is one in Firefox that WebDriver drives, which else stays at "Starting wasm…"', () => {
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
    const chromium =
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36';
    expect(threadsThatStart({ userAgent: firefox, webdriver: true })).toBe('one');
    expect(threadsThatStart({ userAgent: firefox, webdriver: false })).toBe('many');
    expect(threadsThatStart({ userAgent: chromium, webdriver: true })).toBe('many');
  });
});
