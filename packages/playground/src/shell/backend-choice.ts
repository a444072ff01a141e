import type { BackendName } from '../worker/messages.js';
import { element } from './element.js';

/** The backend that is picked on the page. */
export function chosenBackend(): BackendName {
  return new FormData(element('controls', HTMLFormElement)).get('backend') as BackendName;
}

/** Shows a backend as the one that is picked. */
export function chooseBackend(backend: BackendName): void {
  const buttons = element('backends', HTMLFieldSetElement).querySelectorAll('input');
  for (const button of buttons) button.checked = button.value === backend;
}
