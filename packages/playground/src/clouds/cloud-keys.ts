import type { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';

/** The keys of a view in three dimensions, as its user reads them. */
export const keysHint = 'Arrow keys turn, with Shift move, + and - zoom, Home returns to the first view.';

const turn = Math.PI / 36; // 5 degrees
const move = 24; // pixels
const zoom = 0.9; // of the distance

type Act = (controls: OrbitControls) => void;

const zoomIn: Act = (controls) => controls.dollyIn(zoom);
const zoomOut: Act = (controls) => controls.dollyOut(zoom);

/** As dragging the mouse does: it turns, and moves with Shift. */
const acts: Readonly<Record<string, Act>> = {
  ArrowLeft: (controls) => controls.rotateLeft(turn),
  ArrowRight: (controls) => controls.rotateLeft(-turn),
  ArrowUp: (controls) => controls.rotateUp(turn),
  ArrowDown: (controls) => controls.rotateUp(-turn),
  'Shift ArrowLeft': (controls) => controls.pan(move, 0),
  'Shift ArrowRight': (controls) => controls.pan(-move, 0),
  'Shift ArrowUp': (controls) => controls.pan(0, move),
  'Shift ArrowDown': (controls) => controls.pan(0, -move),
  '+': zoomIn,
  '=': zoomIn, // the key of + where that needs Shift
  '-': zoomOut,
  Home: (controls) => controls.reset(),
};

/** Lets keys that go to `focused` move the camera; those with Ctrl, Alt or Meta are left to the browser. */
export function listenToKeys(controls: OrbitControls, focused: EventTarget): void {
  focused.addEventListener('keydown', (event) => {
    const { key, shiftKey, ctrlKey, altKey, metaKey } = event as KeyboardEvent;
    const name = shiftKey && key.startsWith('Arrow') ? `Shift ${key}` : key;
    if (ctrlKey || altKey || metaKey || !Object.hasOwn(acts, name)) return;
    event.preventDefault(); // arrows would scroll the page
    acts[name](controls);
  });
}
