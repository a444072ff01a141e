import type { Threads } from '../worker/messages.js';

/**
 * One thread for Firefox while WebDriver drives it: there `new Worker` in a worker, which tfjs calls eight times for its
 * threads, blocks for good in a third of the starts (153 ESR, with WebDriver BiDi; none of 90 without).
 */
export function threadsThatStart({ userAgent, webdriver }: Pick<Navigator, 'userAgent' | 'webdriver'>): Threads {
  return webdriver && userAgent.includes('Firefox') ? 'one' : 'many';
}
