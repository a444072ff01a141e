import { page } from './page.js';
import type { Passage, Reading, Task } from './tasks.js';

/** What a worker would say of a text: one feature, active at its last character alone. */
function readingOf({ text }: Passage, part: Partial<Reading> = {}): Reading {
  return {
    task: 'read',
    text,
    unknown: [],
    unknownCount: 0,
    omittedCount: 0,
    starts: Int32Array.from({ length: text.length + 1 }, (_, place) => Number(place === text.length)),
    features: Int32Array.of(3),
    values: Float32Array.of(2),
    quality: { varianceUnexplained: 0.1, activeFeatures: 1, everActive: 1 },
    featureCount: 4,
    block: 1,
    ms: 5,
    fingerprint: 'a',
    ...part,
  };
}

if (globalThis.document) {
  describe('the characters page', () => {
    let asked: Task[];
    let view: ReturnType<typeof page.createView>;
    const form = document.createElement('form');
    form.id = 'controls';
    const tall = document.createElement('div');
    tall.style.height = '3000px';

    beforeEach(() => {
      asked = [];
      view = page.createView({ run: (task) => void asked.push(task), showSummary: () => {}, readAgain: () => {} });
      document.body.append(form, tall, view.element);
      scrollTo(0, 0);
    });
    afterEach(() => [form, tall, view.element].forEach((each) => each.remove()));

    const open = (text: string) => view.add([{ task: 'read', name: 'a.txt', text, kind: 'topk' }])[0] as Passage;
    const shown = () => view.element.querySelector<HTMLElement>('.characters')!;
    const hint = (name: string) => view.element.querySelector(`.hint.${name}`)!.textContent;

    it('does not scroll itself when a text is shown', () => {
      const passage = open('To be\n'.repeat(60));
      view.show(passage, readingOf(passage));
      expect(scrollY).toBe(0);
    });

    it('scrolls to a character that is picked within the text alone', () => {
      const passage = open('To be\n'.repeat(60));
      Object.assign(shown().style, { maxHeight: '80px', overflow: 'auto', position: 'relative' });
      view.show(passage, readingOf(passage));
      const press = (key: string) => shown().dispatchEvent(new KeyboardEvent('keydown', { key }));
      press('End');
      const cell = shown().querySelector('[aria-selected]')!.getBoundingClientRect();
      expect(shown().scrollTop).toBeGreaterThan(0);
      expect(cell.bottom).toBeLessThanOrEqual(shown().getBoundingClientRect().bottom + 1);
      press('Home');
      expect(shown().scrollTop).toBeLessThan(10);
      expect(scrollY).toBe(0);
    });

    it('says that it shows the beginning of a long text, also of one that is typed or pasted', () => {
      expect([open('a'.repeat(2000)).text.length, hint('cut')]).toEqual([2000, '']);
      expect(open('a'.repeat(5400)).text.length).toBe(2000);
      expect(hint('cut')).toBe('The page shows the first 2,000 of 5,400 characters.');
      jasmine.clock().install();
      const input = view.element.querySelector('textarea')!;
      for (const [length, said] of [
        [10, ''],
        [2001, 'The page shows the first 2,000 of 2,001 characters.'],
        [0, ''],
      ] as const) {
        input.value = 'b'.repeat(length);
        input.dispatchEvent(new Event('input'));
        jasmine.clock().tick(1000);
        expect(hint('cut')).toBe(said);
      }
      jasmine.clock().uninstall();
    });

    it('says how many characters of a text are not known', () => {
      const passage = open('Привет');
      view.show(passage, readingOf({ ...passage, text: '      ' }, { unknown: [...'Привет'], unknownCount: 6 }));
      expect(hint('unknown')).toContain('6 of 6 characters are others and became spaces, so that little');
    });

    it('does not leave Infinity % of the variance of one character', () => {
      const passage = open('a');
      const quality = { varianceUnexplained: null, activeFeatures: 1, everActive: 1 };
      view.show(passage, readingOf(passage, { quality }));
      expect(view.summary('wasm')).toBe(
        '1 character on wasm, 5 ms; behind block 1 of the network, 1.0 features a character; a share of the ' +
          'variance needs more than one character.',
      );
    });
  });
}
