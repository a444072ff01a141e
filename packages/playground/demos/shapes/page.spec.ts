import type { Shape } from './demo.js';
import { page } from './page.js';
import type { Answers } from './shape-networks.js';

const answer = { likely: [{ label: 'torus', probability: 0.75 }], ms: 12.34 };

/** What a worker would say of a cloud: each point is a window of its own, and attends to the first two. */
function answersOf({ points, place }: Shape): Answers {
  const count = points.length / 3;
  const windows = Int32Array.from({ length: count }, (_, point) => point);
  const attention = place?.point === null ? null : new Float32Array(count).fill(0.25, 0, 1).fill(0.75, 1, 2);
  return {
    transformer: answer,
    convolution: { likely: [{ label: 'box', probability: 0.5 }], ms: 3 },
    cellCount: 7,
    attention: { cells: windows, windows, groups: windows, attention },
  };
}

if (globalThis.document) {
  describe('the shapes page', () => {
    const shapes: Shape[] = ['torus 1', 'torus 2'].map((name, i) => ({
      name,
      points: Float32Array.from({ length: 60 }, (_, j) => Math.sin(i + j * j)),
      trueClass: 'torus',
    }));
    let asked: Shape[];
    let view: ReturnType<typeof page.createView>;

    beforeEach(() => {
      asked = [];
      view = page.createView({ run: (shape) => void asked.push(shape), showSummary: () => {}, readAgain: () => {} });
      asked.push(...view.add(shapes));
      document.body.append(view.element);
    });
    afterEach(() => view.element.remove());

    const found = <T extends HTMLElement>(selector: string) => view.element.querySelector<T>(selector)!;
    const texts = (selector: string) => [...view.element.querySelectorAll(selector)].map((each) => each.textContent);
    const drag = (key: string, value: string) => {
      found<HTMLInputElement>(`#change-${key}`).value = value;
      found(`#change-${key}`).dispatchEvent(new Event('input'));
    };
    const answerNext = (shape: Shape) => view.show(shape, answersOf(shape));
    const press = (key: string) => found('canvas').dispatchEvent(new KeyboardEvent('keydown', { key }));
    const words = () => found('.layers .hint').textContent;
    const picture = () => found<HTMLInputElement>('.pictures input:checked').value;

    it('shows what both networks say, and which of them is right', () => {
      answerNext(asked[0]);
      expect(texts('.verdict')).toEqual(['✓ right', '✗ wrong']);
      expect(texts('.answer .ms')).toEqual(['12 ms', '3.0 ms']);
      expect(found('.answers .hint').textContent).toBe('20 points in 7 cells');
    });

    it('asks once more for all that changes while the worker is at work', () => {
      for (const value of ['80', '60', '40']) drag('kept', value);
      drag('turned', '90');
      expect(asked.length).toBe(1);
      answerNext(asked[0]);
      expect(asked.map(({ points }) => points.length / 3)).toEqual([20, 8]);
      answerNext(asked[1]);
      expect(asked.length).toBe(2);
    });

    it('leaves out answers that come for another shape', () => {
      const list = view.controls[0] as HTMLSelectElement;
      list.selectedIndex = 1;
      list.dispatchEvent(new Event('change'));
      answerNext(asked[0]);
      expect(texts('.answer .ms')).toEqual(['…', '…']);
      answerNext(asked[1]);
      expect(texts('.answer .ms')).toEqual(['12 ms', '3.0 ms']);
    });

    it('shows what a file has that was read again', () => {
      const [first, second] = shapes.map((shape) => ({ ...shape, points: new Float32Array(30).fill(1) }));
      expect(view.replace!([shapes[1]], [second])).toEqual([]); // not the one that is shown
      asked.push(...view.replace!([shapes[0]], [first]));
      expect(asked.map(({ points }) => points.length)).toEqual([60, 30]);
      answerNext(asked[1]);
      expect(found('.answers .hint').textContent).toBe('10 points in 7 cells');
      const list = view.controls[0] as HTMLSelectElement;
      list.selectedIndex = 1;
      list.dispatchEvent(new Event('change'));
      expect(asked.map(({ points }) => points.length)).toEqual([60, 30, 30]);
    });

    it('picks a point, shows what it attends to, and lets it go', () => {
      answerNext(asked[0]);
      found('.pictures input[value=windows]').click();
      expect(words()).toBe('20 windows that order the cells.');
      press('Enter');
      expect([picture(), words()]).toEqual(['attention', '…']);
      expect(asked[1].place!.point).toBeGreaterThanOrEqual(0);
      answerNext(asked[1]);
      expect(words()).toBe('Its cell attends to 2 cells, by at most 75.0 %: the brighter, the more.');
      press('Escape');
      expect([picture(), words()]).toEqual(['windows', '20 windows that order the cells.']);
    });

    it('lets a point go that is taken away', () => {
      answerNext(asked[0]);
      press('Enter');
      const { point } = asked[1].place!;
      answerNext(asked[1]);
      drag('kept', '5');
      expect(asked[2].points.length).toBe(3);
      expect(asked[2].place!.point).toBe(point === 0 ? 0 : null);
    });

    it('looks into the chosen layer', () => {
      answerNext(asked[0]);
      for (const [name, value] of [
        ['block', '2'],
        ['layer', '3'],
      ] as const) {
        found<HTMLSelectElement>(`#place-${name}`).value = value;
        found(`#place-${name}`).dispatchEvent(new Event('change'));
        answerNext(asked.at(-1)!);
      }
      expect(asked.at(-1)!.place).toEqual({ block: 2, layer: 3, point: null });
    });
  });
}
