import { make } from '../shell/element.js';
import { keysHint } from './cloud-keys.js';
import { openPointsView, type FirstView, type PointsView } from './points-view.js';

/** What a frame shows. */
export interface FrameText {
  /** What there is one of, such as `scan`. */
  readonly noun: string;
  /** For those who do not see it. */
  readonly label: string;
  /** What more keys do than move the eye. */
  readonly moreKeys?: string;
}

/** The canvas of a cloud, with its keys and a way back, or with a note where it is seen from above. */
export class CloudFrame {
  readonly canvas = make('canvas');
  readonly element = make('div', { className: 'cloud' }, this.canvas);
  readonly view: PointsView;

  constructor({ noun, label, moreKeys = '' }: FrameText, first: FirstView) {
    const opened = openPointsView(this.canvas, first);
    this.view = opened.view;
    const keys = (opened.isFlat ? [moreKeys] : [keysHint, moreKeys]).filter((text) => text !== '').join(' ');
    this.canvas.ariaLabel = [label, keys].filter((text) => text !== '').join('. ');
    if (keys !== '') {
      Object.assign(this.canvas, { tabIndex: 0, role: 'application' });
      this.canvas.after(make('p', { className: 'keys', ariaHidden: 'true' }, keys));
    }
    if (opened.isFlat) {
      this.element.classList.add('flat');
      this.element.append(make('p', { className: 'note' }, `No WebGL here: the ${noun} is seen from above.`));
      return;
    }
    const reset = make('button', { className: 'button', type: 'button', title: 'Home, in the view' }, 'First view');
    reset.addEventListener('click', () => opened.view.reset());
    this.element.append(reset);
  }
}
