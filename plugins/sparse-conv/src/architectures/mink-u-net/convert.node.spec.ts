import { chooseArchitecture } from '@tfjs-sparse/converter/checkpoints';
import { architectures } from '../../convert.js';
import { checkpointOf, runGolden, without } from '../golden-fixture.node.spec.js';
import { minkUNetArchitecture } from './convert.js';

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
