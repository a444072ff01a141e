import { page } from './page.js';

if (globalThis.document) {
  describe('the scans page without WebGL', () => {
    it('says that it shows the scan from above, over the picture', () => {
      const flat = document.createElement('canvas').getContext('2d');
      spyOn(console, 'error'); // of three
      spyOn(HTMLCanvasElement.prototype, 'getContext').and.callFake(((kind: string) =>
        kind === '2d' ? flat : null) as HTMLCanvasElement['getContext']);
      const { element } = page.createView({ run: () => {}, showSummary: () => {}, readAgain: () => {} });
      const [canvas, note] = [element.querySelector('canvas')!, element.querySelector('.note')!];
      expect(note.textContent).toBe('No WebGL here: the scan is seen from above.');
      expect(canvas.compareDocumentPosition(note)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
      expect(element.matches('.scan.flat')).toBeTrue(); // by which the style leaves out how to turn it
    });
  });
}
