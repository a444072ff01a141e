import { tmpdir } from 'node:os';
import { FormatError } from '../format-error.js';
import { withSource } from './open-source.js';

describe('withSource', () => {
  const opened = (place: string) => withSource(place, () => Promise.resolve());

  it('says in one line that a path is a folder or nothing', async () => {
    await expectAsync(opened(tmpdir())).toBeRejectedWithError(
      FormatError,
      `${tmpdir()}: IN must be a file or a URL, got a folder`,
    );
    await expectAsync(opened('nothing/model.pt')).toBeRejectedWithError(
      FormatError,
      'nothing/model.pt: IN must be a file or a URL, got none of this name',
    );
  });
});
