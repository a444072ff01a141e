import type { Place } from './nearest-point.js';
import type { PointsView } from './points-view.js';

/** What keys do beside those that move the eye, as their user reads it. */
export const pickKeysHint = 'Enter picks the point in the middle, Escape lets it go.';

const stillPixels = 5; // a press that moves farther turns the cloud
const reach = { mouse: 8, touch: 24 }; // CSS pixels

/** Tells which point is clicked or touched, or picked by Enter; null where there is none, and for Escape. */
export function listenToPicks(canvas: HTMLCanvasElement, view: PointsView, tell: (point: number | null) => void): void {
  let pressed: Place = { x: 0, y: 0 };
  let isTouched = false;
  canvas.addEventListener('pointerdown', (event) => {
    pressed = placeOf(event);
    isTouched = event.pointerType === 'touch';
  });
  canvas.addEventListener('click', (event) => {
    const place = placeOf(event);
    if (Math.hypot(place.x - pressed.x, place.y - pressed.y) > stillPixels) return;
    tell(view.pointAt(place, isTouched ? reach.touch : reach.mouse));
  });
  canvas.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') tell(null);
    if (key === 'Enter') tell(view.pointAt({ x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 }, Infinity));
  });
}

function placeOf({ offsetX, offsetY }: MouseEvent): Place {
  return { x: offsetX, y: offsetY };
}
