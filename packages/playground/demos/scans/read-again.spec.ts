import type { Scan } from './demo.js';
import { page } from './page.js';

if (globalThis.document) {
  describe('the control of columns on the scans page', () => {
    const scan = (name: string, count: number): Scan => ({ name, points: new Float32Array(3 * count).fill(1) });

    it('has .bin files read again, and shows what they have now', () => {
      let isMeant: (fileName: string) => boolean = () => false;
      const asked: Scan[] = [];
      const view = page.createView({
        run: (item) => void asked.push(item),
        showSummary: () => {},
        readAgain: (asIs) => void (isMeant = asIs),
      });
      const [street, first, other] = [scan('street', 1), scan('a.bin', 2), scan('b.bin', 3)];
      for (const item of [street, first, other]) view.add([item]);
      const columns = view.controls.find(({ ariaLabel }) => ariaLabel?.startsWith('numbers per point'))!;
      (columns as HTMLSelectElement).value = '5';
      columns.dispatchEvent(new Event('change'));
      expect(view.readOptions!()).toEqual({ columns: ['5'] });
      expect(['a.bin', 'a.BIN.gz', 'a.pcd'].map((name) => isMeant(name))).toEqual([true, true, false]);
      const [firstNow, otherNow] = [scan('a.bin', 4), scan('b.bin', 5)];
      expect(view.replace!([first], [firstNow])).toEqual([]); // not the one that is shown
      expect(view.replace!([other], [otherNow])).toEqual([otherNow]);
      expect(view.clear()).toEqual([otherNow]);
      const list = view.controls.find(({ ariaLabel }) => ariaLabel === 'scans') as HTMLSelectElement;
      list.selectedIndex = 1;
      list.dispatchEvent(new Event('change'));
      expect([list.length, asked]).toEqual([3, [firstNow]]);
    });
  });
}
