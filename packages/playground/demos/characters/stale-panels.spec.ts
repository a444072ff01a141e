import type { ViewHost } from '../../src/demo.js';
import { SteeringPanel } from './steering-panel.js';
import type { SaeKind, Task, Times, Timing, Writing } from './tasks.js';
import { TimesTable } from './times-table.js';

if (globalThis.document) {
  describe('panels of the characters page', () => {
    const asked: Task[] = [];
    const host: ViewHost<Task> = { run: (task) => void asked.push(task), showSummary: () => {}, readAgain: () => {} };
    beforeEach(() => void (asked.length = 0));

    it('take the texts of another feature away', () => {
      const panel = new SteeringPanel(host);
      panel.pick('topk', 5, 1);
      panel.element.querySelector('button')!.click();
      panel.show(asked[0] as Writing, { task: 'write', text: 'plain' });
      panel.show(asked[1] as Writing, { task: 'write', text: 'other' });
      const shown = () => [...panel.element.querySelectorAll('pre')].map(({ textContent }) => textContent);
      expect(shown()).toEqual(['ROMEO:\nplain', 'ROMEO:\nother']);
      panel.pick('topk', 5, 2); // the same feature in another text
      expect(shown()).toEqual(['ROMEO:\nplain', 'ROMEO:\nother']);
      panel.pick('topk', 6, 1);
      expect(shown()).toEqual(['', '']);
    });

    it('take the times of another autoencoder away, also those that come late', () => {
      let kind: SaeKind = 'topk';
      const table = new TimesTable(host, () => ({ kind, text: 'a' }));
      const measure = () => table.element.querySelector('button')!.click();
      const each = { dense: 2, sparse: 1 };
      const times: Times = {
        task: 'time',
        characters: 1,
        features: 2,
        width: 3,
        k: 1,
        runs: 1,
        encode: each,
        decode: each,
      };
      const hasTable = () => table.element.querySelector('table') !== null;
      measure();
      table.show(asked[0] as Timing, times, 'cpu');
      expect(hasTable()).toBeTrue();
      measure();
      table.clear();
      kind = 'batchtopk';
      table.show(asked[1] as Timing, times, 'cpu');
      expect(hasTable()).toBeFalse();
    });
  });
}
