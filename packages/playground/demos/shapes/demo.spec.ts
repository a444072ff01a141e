import { labels } from '@tfjs-sparse/shapes-flatformer';
import { describeDemo } from '../../src/worker/demo-fixture.spec.js';
import { demo, drawnShape } from './demo.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the shapes demo', () => {
  describeDemo('shapes', demo, {
    file: { name: 'corner.xyz', contents: bytes('0 0 0\n1 0 0\n0 1 0\n0 0 1\n') },
    refused: {
      file: { name: 'nothing.xyz', contents: bytes('nan 0 0\n') },
      message: /^a file must have at least one point, got 0$/,
    },
  });

  it('draws a shape of each class', () => {
    expect(demo.samples(0).map(({ trueClass }) => trueClass)).toEqual([...labels]);
  });

  it('leaves other files to other demos, and clouds too where one is surer of them', async () => {
    const fits = ['a.ply', 'a.ply.gz', 'a.json'].map((name) => demo.fit({ name, contents: bytes('') }));
    expect(await Promise.all(fits)).toEqual(['perhaps', 'perhaps', 'no']);
  });
});

describe('a drawn shape', () => {
  it('is the same for the same seed', () => {
    expect(drawnShape('torus', 3)).toEqual(drawnShape('torus', 3));
    expect(drawnShape('torus', 3).points).not.toEqual(drawnShape('torus', 4).points);
  });
});
