import { page } from './page.js';
import type { Converted, Measured, Opened, Outcome, Refused, Task, WeightRow } from './tasks.js';

const shares = Uint8Array.of(255, 0, 0, 255);

function weightRow(path: string, part: Partial<WeightRow> = {}): WeightRow {
  const size = { bytes: 16, elements: 4, sparsity: 0.5 };
  return { path, dtype: 'float32', shape: [2, 2], ...size, said: '', kernel: '', picture: null, ...part };
}

/** What a worker would say of a file with two weights. */
const opened: Opened = {
  task: 'open',
  name: 'a.pt',
  fileBytes: 2048,
  format: 'torch zip',
  metadata: [],
  weights: [
    weightRow('body.0.weight', { kernel: 'sparseMatMul', picture: { rows: 2, columns: 2, shares } }),
    weightRow('body.0.bias', { shape: [4], sparsity: 0 }),
  ],
  totals: { elements: 8, zeros: 2, bytes: 32, bytesAfter: 24 },
  network: {
    isInFile: false,
    architecture: 'resnet',
    asksInputs: false,
    reason: 'its names',
    architectures: ['resnet', 'sae'],
  },
  settings: null,
};
const converted: Converted = {
  task: 'convert',
  kind: 'graph',
  notes: ['a note'],
  report: [{ name: 'fc', op: 'MatMul', shape: [2, 2], sparsity: 0.5, kernel: 'sparseMatMul', said: 'csr' }],
  inputs: [{ name: 'x', dtype: 'float32', shape: [null, 2] }],
  outputs: ['y'],
  prunedCount: 0,
  weightBytes: 24,
  ms: 12,
  loading: "tf.loadGraphModel('model.json')",
  zip: { name: 'a-tfjs.zip', blob: new Blob(['zip']) },
};
const measured: Measured = {
  task: 'measure',
  device: 'wasm',
  converted: { ms: 2, runs: 9 },
  dense: { ms: 5, runs: 9 },
  differences: [{ output: 'y', shape: [1, 2], maxError: 1e-7 }],
  given: null,
  inputs: [{ name: 'x', shape: [1, 2] }],
  outputs: [{ name: 'y', shape: [1, 2] }],
};
const refused = (of: Refused['of']): Refused => ({
  task: 'refused',
  of,
  message: 'it must be so, got not',
  advice: 'Do.',
});

if (globalThis.document) {
  describe('the convert page', () => {
    let asked: Task[];
    let view: ReturnType<typeof page.createView>;

    beforeEach(() => {
      asked = [];
      view = page.createView({ run: (task) => void asked.push(task), showSummary: () => {}, readAgain: () => {} });
      document.body.append(view.element);
      drop('a.pt');
    });
    afterEach(() => view.element.remove());

    const found = <T extends HTMLElement>(selector: string) => view.element.querySelector<T>(selector)!;
    const text = (selector: string) => found(selector).textContent;
    const last = () => asked.at(-1)!;
    const answer = (outcome: Outcome, task = last()) => view.show(task, outcome);
    const button = (panel: string) => found<HTMLButtonElement>(`.${panel} > .button`);
    const drop = (name: string) => void asked.push(...view.takeFiles!([new File(['a'], name)]));
    const saved = () => {
      const click = spyOn(HTMLAnchorElement.prototype, 'click');
      return { name: () => (click.calls.mostRecent()?.object as HTMLAnchorElement | undefined)?.download };
    };

    it('shows a dropped file: its weights by their modules, and where the first with zeros is not 0', () => {
      expect(last()).toEqual(jasmine.objectContaining({ task: 'open', name: 'Opening a.pt' }));
      answer(opened);
      expect(text('.file dl')).toContain('2 tensors, 8 numbers');
      expect([...view.element.querySelectorAll('.weights tbody th')].map((each) => each.textContent)).toEqual(
        ['body', '0', 'weight', 'bias'], // prettier-ignore
      );
      expect(last()).toEqual(jasmine.objectContaining({ task: 'weight', path: 'body.0.weight' }));
      answer({
        task: 'weight',
        path: 'body.0.weight',
        histogram: { low: -1, high: 1, counts: [1, 1], zeros: 2, notFinite: 0 },
      });
      expect([
        view.element.querySelectorAll('.weight canvas, .patterns canvas').length,
        text('.weight .range'),
      ]).toEqual([2, '-11']);
      expect(view.summary('wasm')).toBe('a.pt is open.');
    });

    it('converts as it is set, runs, and saves the model', () => {
      answer(opened);
      button('convert').click();
      expect([button('convert').ariaDisabled, (last() as { settings?: object }).settings]).toEqual([
        'true',
        { architecture: null, settings: '', inputs: '', pruning: '', precision: 'float32' },
      ]);
      const count = asked.length;
      button('convert').click(); // waits
      expect(asked.length).toBe(count);
      answer(converted);
      expect(text('.report .summary')).toBe(
        '1 of 1 operations run on sparse kernels; weights take 24 B, made in 12.0 ms.',
      );
      button('measure').click();
      answer(measured);
      expect(text('.measure [role=status]')).toContain('2.5 times as fast as dense on wasm');
      const save = saved();
      button('report').click();
      expect(save.name()).toBe('a-tfjs.zip');
      button('patterns').click();
      answer({ task: 'draw', file: { name: 'a.svg', blob: new Blob(['<svg/>']) } });
      expect(save.name()).toBe('a.svg');
    });

    it('says whether the outputs are those that were given', () => {
      answer(opened);
      button('convert').click();
      answer(converted);
      for (const [maxError, said] of [
        [1e-6, 'It gives your outputs; largest difference: 1.0e-6 (y).'],
        [0.5, 'It does not give your outputs (within 0.0001); largest difference: 5.0e-1 (y).'],
      ] as const) {
        button('measure').click();
        answer({ ...measured, given: [{ output: 'y', shape: [1, 2], maxError }] });
        expect(text('.measure [role=status]')).toContain(said);
      }
    });

    it('says what is wrong beside what was asked, and takes the next file', () => {
      answer(opened);
      button('convert').click();
      answer(refused('convert'));
      expect([text('.convert .wrong'), button('convert').ariaDisabled]).toEqual([
        'it must be so, got not. Do.',
        'false',
      ]);
      drop('b.pt');
      answer(refused('open'));
      expect([text('.file .wrong'), text('.file dd')]).toEqual(['it must be so, got not. Do.', 'b.pt']);
      expect(button('convert').ariaDisabled).toBe('true');
      drop('a.pt');
      answer(opened);
      expect([found('.file .wrong').hidden, button('convert').ariaDisabled]).toEqual([true, 'false']);
    });

    it('leaves out answers about a file that is no longer open', () => {
      const first = last();
      drop('b.pt');
      answer(opened, first);
      expect(text('.file dd')).toBe('b.pt…');
    });

    it('shows the weights with zeros alone', () => {
      answer(opened);
      found('.weights input').click();
      expect([...view.element.querySelectorAll('.weights button')].map((each) => each.textContent)).toEqual(['weight']);
    });

    it('measures again on another backend, and does nothing there before that', () => {
      answer(opened);
      expect(view.clear()).toEqual([]);
      button('convert').click();
      answer(converted);
      button('measure').click();
      answer(measured);
      expect(view.clear()).toEqual([jasmine.objectContaining({ task: 'measure' })]);
    });
  });
}
