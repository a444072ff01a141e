import { PerspectiveCamera, type Vector3 } from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';
import { keysHint, listenToKeys } from './cloud-keys.js';

describe('the keys of the view of a cloud', () => {
  const start = [-26, -13, 17] as const;
  let controls: OrbitControls;
  let focused: EventTarget;

  beforeEach(() => {
    const camera = new PerspectiveCamera(50, 1, 0.5, 500);
    camera.up.set(0, 0, 1);
    camera.position.set(...start);
    controls = new OrbitControls(camera);
    controls.domElement = { clientWidth: 400, clientHeight: 300 } as HTMLElement; // pixels that the camera moves by
    controls.saveState();
    focused = new EventTarget();
    listenToKeys(controls, focused);
  });

  const press = (key: string, modifiers: Partial<KeyboardEvent> = {}) => {
    const event = Object.assign(new Event('keydown', { cancelable: true }), { key, ...modifiers });
    focused.dispatchEvent(event);
    return event.defaultPrevented;
  };
  const eye = (): Vector3 => controls.object.position;
  const distance = () => eye().distanceTo(controls.target);

  it('turns by arrows', () => {
    const far = distance();
    for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
      const before = eye().clone();
      expect(press(key)).withContext(key).toBeTrue();
      expect(eye().distanceTo(before)).withContext(key).toBeGreaterThan(1);
    }
    expect(distance()).toBeCloseTo(far, 3);
    expect(controls.target.toArray()).toEqual([0, 0, 0]);
  });

  it('moves by arrows with Shift', () => {
    const far = distance();
    press('ArrowLeft', { shiftKey: true });
    press('ArrowUp', { shiftKey: true });
    expect(controls.target.length()).toBeGreaterThan(1);
    expect(distance()).toBeCloseTo(far, 3);
  });

  it('comes closer and goes back by + and -', () => {
    const far = distance();
    press('+', { shiftKey: true });
    expect(distance()).toBeCloseTo(0.9 * far, 3);
    press('=');
    expect(distance()).toBeCloseTo(0.81 * far, 3);
    press('-');
    expect(distance()).toBeCloseTo(0.9 * far, 3);
  });

  it('returns to the first view by Home', () => {
    for (const key of ['ArrowLeft', 'ArrowUp', '+']) press(key);
    press('ArrowLeft', { shiftKey: true });
    expect(press('Home')).toBeTrue();
    eye()
      .toArray()
      .forEach((value, axis) => expect(value).toBeCloseTo(start[axis], 6));
    expect(controls.target.toArray()).toEqual([0, 0, 0]);
  });

  it('leaves other keys to the browser', () => {
    const before = eye().clone();
    expect([press('Tab'), press('+', { ctrlKey: true }), press('ArrowLeft', { altKey: true })]).toEqual([
      false,
      false,
      false,
    ]);
    expect(eye().distanceTo(before)).toBe(0);
  });

  it('has a hint that names them', () => {
    for (const key of ['Arrow', 'Shift', '+', '-', 'Home']) expect(keysHint).toContain(key);
  });
});
