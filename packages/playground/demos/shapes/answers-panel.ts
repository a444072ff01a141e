import { make } from '../../src/shell/element.js';
import { likelyClasses } from '../../src/shell/likely-classes.js';
import type { Shape } from './demo.js';
import type { Answer, Answers } from './shape-networks.js';

/** What both networks take a cloud for. */
export class AnswersPanel {
  readonly #truth = make('p', { className: 'truth' });
  readonly #transformer = new AnswerRow('Transformer');
  readonly #convolution = new AnswerRow('Sparse CNN');
  readonly #numbers = make('p', { className: 'hint' });
  readonly element = make(
    'section',
    { className: 'answers', ariaLabel: 'answers of the networks' },
    this.#truth,
    this.#transformer.element,
    this.#convolution.element,
    this.#numbers,
  );

  /**
   * @param answers    null while the networks are at work
   * @param pointCount of the cloud as it was changed
   */
  show({ name, trueClass }: Shape, answers: Answers | null, pointCount: number): void {
    this.#truth.textContent = trueClass === undefined ? name : `Drawn as: ${trueClass}`;
    this.#transformer.show(answers?.transformer ?? null, trueClass);
    this.#convolution.show(answers?.convolution ?? null, trueClass);
    const cells = answers ? `${answers.cellCount.toLocaleString('en')} cells` : '… cells';
    this.#numbers.textContent = `${pointCount.toLocaleString('en')} points in ${cells}`;
  }
}

class AnswerRow {
  readonly #verdict = make('span', { className: 'verdict' });
  readonly #ms = make('span', { className: 'ms' });
  readonly #likely = make('div');
  readonly element: HTMLElement;

  constructor(network: string) {
    const head = make('div', { className: 'head' }, make('h2', {}, network), this.#verdict, this.#ms);
    this.element = make('div', { className: 'answer' }, head, this.#likely);
  }

  show(answer: Answer | null, trueClass: string | undefined): void {
    if (!answer) {
      this.#verdict.textContent = '';
      this.#ms.textContent = '…';
      return;
    }
    const isRight = answer.likely[0].label === trueClass;
    this.#verdict.textContent = trueClass === undefined ? '' : isRight ? '✓ right' : '✗ wrong';
    this.#verdict.classList.toggle('right', isRight);
    this.#ms.textContent = `${answer.ms.toFixed(answer.ms < 10 ? 1 : 0)} ms`;
    this.#likely.replaceChildren(likelyClasses(answer.likely));
  }
}
