import type { Measurement } from './measure-pattern.js';
import { page } from './page.js';
import { samplePatterns } from './sample-patterns.js';
import type { Pattern } from './settings.js';

const measurement: Measurement = {
  device: 'wasm',
  sparse: { ms: 2, runs: 7 },
  dense: { ms: 9, runs: 7 },
  firstMs: 5,
  difference: { largest: 3e-7, tokens: 512 },
};

if (globalThis.document) {
  describe('the attention page', () => {
    let asked: Pattern[];
    let view: ReturnType<typeof page.createView>;
    beforeEach(() => {
      jasmine.clock().install();
      asked = [];
      view = page.createView({
        run: (pattern) => void asked.push(pattern),
        showSummary: () => {},
        readAgain: () => {},
      });
      asked.push(...view.add(samplePatterns(0)));
    });
    afterEach(() => jasmine.clock().uninstall());

    const time = () =>
      [...view.element.querySelectorAll('.costs tbody:last-of-type td')].map((cell) => cell.textContent);
    const said = () => view.element.querySelector('.costs .hint')!.textContent;
    const field = (key: string) => view.element.querySelector<HTMLInputElement>(`#setting-${key}`)!;
    const type = (key: string, value: string) => {
      field(key).value = value;
      field(key).dispatchEvent(new Event('input'));
    };

    it('takes times away when a control moves, and measures once the controls rest', () => {
      view.show(asked[0], measurement);
      expect(time()).toEqual(['9.00 ms', '2.00 ms', '22.2 %']);
      type('sinks', '9');
      expect(time()).toEqual(['…', '…', '…']);
      jasmine.clock().tick(200);
      type('sinks', '10');
      jasmine.clock().tick(200);
      expect(asked.length).toBe(1);
      jasmine.clock().tick(200);
      expect(asked.map(({ settings }) => settings.sinks)).toEqual([0, 10]);
      expect(said()).toBe('Measuring…');
    });

    it('does not show times that come late, and asks for the newest pattern alone', () => {
      for (const value of ['1', '2', '3']) {
        type('stripes', value);
        jasmine.clock().tick(1000);
      }
      expect(asked.length).toBe(1); // the worker has not answered
      view.show(asked[0], measurement);
      expect(time()).toEqual(['…', '…', '…']);
      expect(asked.map(({ settings }) => settings.stripes)).toEqual([0, 3]);
      view.show(asked[1], measurement);
      expect(time()[1]).toBe('2.00 ms');
      const [again] = view.clear(); // another backend
      expect(time()[1]).toBe('…');
      view.show(asked[1], measurement);
      expect(time()[1]).toBe('…');
      view.show(again, measurement);
      expect(time()[1]).toBe('2.00 ms');
    });

    it('says which numbers a field has, and keeps the pattern until one fits', () => {
      const wrong = () => field('tokens').closest('.setting')!.querySelector<HTMLElement>('.wrong')!;
      type('tokens', '300');
      expect([wrong().hidden, wrong().textContent]).toEqual([false, '256 to 4,096, a multiple of 64']);
      jasmine.clock().tick(1000);
      expect(asked.length).toBe(1);
      field('tokens').dispatchEvent(new Event('change'));
      expect([wrong().hidden, field('tokens').value]).toEqual([true, '1024']);
    });

    it('shows the number of another pattern in a field that keeps the focus, unless it is being typed', () => {
      document.body.append(view.element);
      const dropped: Pattern = {
        name: 'a.json',
        settings: { ...asked[0].settings, sinks: 7 },
        source: { file: 'a.json', index: 0 },
      };
      field('sinks').focus();
      view.add([dropped]);
      expect(field('sinks').value).toBe('7');
      type('sinks', '1');
      view.add([dropped]);
      expect(field('sinks').value).toBe('1');
      field('sinks').dispatchEvent(new Event('change'));
      view.add([dropped]);
      expect(field('sinks').value).toBe('7');
      view.element.remove();
    });

    it('turns blocks by keys', () => {
      const canvas = view.element.querySelector('canvas')!;
      for (const key of ['ArrowDown', 'ArrowRight', 'Enter'])
        canvas.dispatchEvent(new KeyboardEvent('keydown', { key }));
      jasmine.clock().tick(1000);
      view.show(asked[0], measurement);
      expect(asked[1].settings.turned).toEqual([[0, 1]]);
    });
  });
}
