import { chooseArchitecture, type Checkpoint } from '@tfjs-sparse/converter/checkpoints';
import { architectures } from '../../convert.js';
import { checkpointOf, runGolden, without } from '../golden-fixture.node.spec.js';
import { minkUNetArchitecture } from './convert.js';

/** With other names of modules. */
function renamed(checkpoint: Checkpoint, rename: (path: string) => string): Checkpoint {
  const tensors = checkpoint.tensors.map(({ tensor, keys }) => {
    const name = rename(
      keys
        .slice(keys[0] === 'model' ? 1 : 0)
        .join('.')
        .replace(/^module\./, ''),
    );
    return { tensor, path: name, keys: [name] };
  });
  return { ...checkpoint, tensors };
}

describe('the architecture minkunet', () => {
  const cases = [
    ['minkunet-torchsparse', "torchsparse's (stage1.0.net.0) with 4", ['point_transforms.0.0', 'point_transforms.0.1']],
    ['minkunet-torchsparse-backbone', "torchsparse.backbones' (encoders.0.0.0) with 2", []],
    ['minkunet-minkowski', "MinkowskiEngine's (conv0p1s1, block1) with 4", []],
    ['minkunet-pointcept', "Pointcept's SpUNet (enc.0.block0) with 3", []],
    ['minkunet-minkowski-2d', "MinkowskiEngine's (conv0p1s1, block1) with 4", []],
  ] as const;
  for (const [name, layout, unused] of cases) {
    it(`gives what PyTorch gives (${name})`, async () => {
      const { architecture, reason, loaded, error } = await runGolden(name);
      expect([architecture, reason]).toEqual(['minkunet', `modules in the layout of ${layout} levels`]);
      expect([loaded.missing, loaded.unused]).toEqual([[], [...unused]]);
      expect(loaded.pairings.filter(({ by, note }) => by !== 'map' || note)).toEqual([]);
      expect(error).toBeLessThan(1e-5);
    });
  }

  const otherNames: readonly [golden: string, layout: string, rename: (path: string) => string][] = [
    [
      'minkunet-torchsparse',
      'stem.0.net.0',
      (path) =>
        path.replace(/^stem\.(\d)/, (_, index: string) => `stem.${Number(index) > 2 ? 1 : 0}.net.${Number(index) % 3}`),
    ],
    [
      'minkunet-torchsparse-backbone',
      'downs.0.0.0',
      (path) =>
        path.replace('encoders', 'downs').replace('decoders', 'ups').replace('upsample', '0').replace('fuse', '1'),
    ],
  ];
  for (const [golden, layout, rename] of otherNames) {
    it(`knows the names of another version (${layout})`, async () => {
      const checkpoint = renamed(await checkpointOf(golden), rename);
      expect(chooseArchitecture(checkpoint, architectures).reason).toContain(`(${layout})`);
      const { model, loaded } = await minkUNetArchitecture.build(checkpoint);
      expect(loaded.unused.filter((path) => !path.startsWith('point_transforms'))).toEqual([]);
      model.dispose();
    });
  }

  it('refuses bottlenecks', async () => {
    const checkpoint = await checkpointOf('minkunet-minkowski');
    const [more] = checkpoint.tensors;
    const path = 'block1.0.conv3.kernel';
    await expectAsync(
      minkUNetArchitecture.build({ ...checkpoint, tensors: [...checkpoint.tensors, { ...more, path, keys: [path] }] }),
    ).toBeRejectedWithError(RangeError, 'minkunet: blocks must have two convolutions, got bottlenecks');
  });

  it('names all modules that are missing, and what it looked for', async () => {
    const checkpoint = await checkpointOf('minkunet-minkowski');
    await expectAsync(
      minkUNetArchitecture.build(without(checkpoint, /^(bntr5|block8\.0\.norm2)\./)),
    ).toBeRejectedWithError(RangeError, /map must have paths of .*, got block8\.0\.norm2\.bn, bntr5\.bn$/);
    await expectAsync(minkUNetArchitecture.build(without(checkpoint, /^block7\.0\.conv1\./))).toBeRejectedWithError(
      RangeError,
      /^minkunet: the state dict must have block7\.0\.conv1\.kernel, got keys such as/,
    );
    expect(() => chooseArchitecture(without(checkpoint, /^conv1p1s2/), architectures, 'minkunet')).toThrowError(
      RangeError,
      /checkpoint must have the keys of minkunet \(conv0p1s1\.kernel and block1/,
    );
  });
});
