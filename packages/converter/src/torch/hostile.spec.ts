import { bytesSource } from '../bytes/byte-source.js';
import { readCheckpoint, type Checkpoint } from '../checkpoint/read-checkpoint.js';
import type { StoredTensor } from '../checkpoint/stored-tensor.js';
import { FormatError } from '../format-error.js';
import { integer, name, pickleBytes, tensor, text, torchZip, zip } from './hostile-fixture.spec.js';
import { PickleObject, type PickleDict } from './pickle/values.js';

const encoder = new TextEncoder();

function read(bytes: Uint8Array<ArrayBuffer>): Promise<Checkpoint> {
  return readCheckpoint(bytesSource('model.pt', bytes));
}

async function expectRefusal(bytes: Uint8Array<ArrayBuffer>, message: RegExp): Promise<void> {
  await expectAsync(read(bytes)).toBeRejectedWithError(FormatError, message);
}

describe('a checkpoint that is hostile', () => {
  it('calls nothing: a name of a module becomes a placeholder', async () => {
    const { value, globals } = await read(
      await torchZip(pickleBytes(name('posix', 'system'), '(', text('touch /tmp/x'), 't', 'R')),
    );
    expect(globals).toEqual(['posix.system']);
    expect(value).toBeInstanceOf(PickleObject);
    expect((value as PickleObject).args).toEqual(['touch /tmp/x']);
  });

  it('sets no prototype and merges no keys', async () => {
    const dict = ['}', '(', text('__proto__'), integer(1), integer(1), integer(2), text('1'), integer(3), 'u'];
    const { value } = await read(await torchZip(pickleBytes(dict)));
    expect([...(value as PickleDict).entries]).toEqual([
      ['__proto__', 1],
      [1, 2],
      ['1', 3],
    ]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('may not nest without end, hold itself or grow by references', async () => {
    const levels = 100_000;
    const opened = Array.from({ length: levels }, () => ']');
    const nested = pickleBytes(
      opened,
      Array.from({ length: levels - 1 }, () => 'a'),
    );
    await expectRefusal(await torchZip(nested), /levels deep/);
    await expectRefusal(await torchZip(pickleBytes(']', 'q', 0, 'h', 0, 'a')), /must not hold itself/);
    const doubled = Array.from({ length: 40 }, (_, level) => ['q', level, 'h', level, 0x86]);
    const start = performance.now();
    await expectRefusal(await torchZip(pickleBytes(')', ...doubled)), /at most 1000000 values/);
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('may not have opcodes, operands or memos that are none', async () => {
    await expectRefusal(await torchZip(pickleBytes('i')), /opcodes must be known at byte 2, got 0x69/);
    await expectRefusal(await torchZip(pickleBytes('R')), /the stack must hold a value, got none/);
    await expectRefusal(await torchZip(pickleBytes('h', 9)), /the memo must hold a value, got none at 9/);
    await expectRefusal(await torchZip(pickleBytes('}', integer(1), 'a')), /there must be a list, got dict/);
    await expectRefusal(await torchZip(pickleBytes(integer(1), ')', 'R')), /the name of a function, got a number/);
    await expectRefusal(await torchZip(pickleBytes(')', 'Q')), /a persistent id must be of a storage, got a tuple/);
    await expectRefusal(
      await torchZip(pickleBytes('X', 255, 255, 255, 255)),
      /must be whole, got a pickle that is cut/,
    );
    await expectRefusal(
      await torchZip(pickleBytes(integer(1), integer(2))),
      /one value must be left at the end, got 2/,
    );
  });

  const tensors: readonly [name: string, Parameters<typeof tensor>, RegExp][] = [
    ['outside of its storage', [4, 1, [4], [1]], /must lie within the 4 elements of its storage, got 5/],
    ['of a storage that is shorter than it says', [5, 0, [5], [1]], /storage 0 must have 20 bytes, got 16/],
    ['with negative strides', [4, 3, [4], [-1]], /strides must be 1 whole numbers/],
    ['with strides of other axes', [4, 0, [2, 2], [1]], /strides must be 2 whole numbers/],
    ['with a negative shape', [4, 0, [-2], [1]], /a shape must be of whole numbers/],
    ['that repeats a number beyond memory', [4, 0, [1 << 30, 1 << 20], [0, 0]], /at most 67108864 elements/],
  ];
  for (const [what, args, message] of tensors) {
    it(`may not have a tensor ${what}`, async () => {
      await expectRefusal(await torchZip(pickleBytes(tensor(...args))), message);
    });
  }

  it('may have a view of its storage', async () => {
    const storage = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
    const { value } = await read(await torchZip(pickleBytes(tensor(4, 1, [2, 2], [0, 2])), storage));
    expect([...new Float32Array((await (value as StoredTensor).bytes()).buffer)]).toEqual([2, 4, 2, 4]);
  });

  it('may not be an archive with other names, bombs or entries over each other', async () => {
    const pickle = { name: 'archive/data.pkl', bytes: pickleBytes('N') };
    await expectRefusal(
      await zip([pickle, { name: '../evil', bytes: new Uint8Array(1) }]),
      /must stay in the archive|whole zip/,
    );
    await expectRefusal(await zip([pickle, { ...pickle, name: 'inner/data.pkl' }]), /must have one data.pkl, got 2/);
    await expectRefusal(await zip([{ name: 'readme', bytes: new Uint8Array(1) }]), /must have one data.pkl, got 0/);
    const nested = await zip([{ name: 'archive/data.pkl', bytes: await torchZip(pickleBytes('N')) }]);
    await expectRefusal(nested, /opcodes must be known/);
    const bomb = await zip([{ name: 'archive/data.pkl', bytes: new Uint8Array(300 << 20), isDeflated: true }]);
    expect(bomb.length).toBeLessThan(1 << 20);
    await expectRefusal(bomb, /data.pkl must have at most 268435456 bytes/);
    const overlapping = await torchZip(pickleBytes('N'));
    const second = directoryEntry(overlapping, 1);
    new DataView(overlapping.buffer).setUint32(second + 42, 0, true); // offset of its local header: that of the first
    await expectRefusal(overlapping, /must not overlap|whole zip/);
  });

  it('may not be cut', async () => {
    const bytes = await torchZip(pickleBytes(tensor(4, 0, [4], [1])));
    for (let length = 0; length < bytes.length; length += 7)
      await expectRefusal(bytes.slice(0, length), /model.pt must/);
  });

  const others: readonly [text: string, message: RegExp][] = [
    ['', /got an empty file$/],
    ['version https://git-lfs.github.com/spec/v1\noid sha256:0', /got a Git LFS pointer \(run git lfs pull\)$/],
    ['<!DOCTYPE html><title>Sign in</title>', /got a web page/],
    ['{"a": 1}', /got JSON$/],
    ['PK\x03\x04', /must be a whole zip archive/],
    ['hello', /got another kind of file$/],
  ];
  for (const [contents, message] of others) {
    it(`may not be ${JSON.stringify(contents.slice(0, 20))}`, () => expectRefusal(encoder.encode(contents), message));
  }
});

/** Where an entry of the central directory begins. */
function directoryEntry(bytes: Uint8Array, index: number): number {
  const view = new DataView(bytes.buffer);
  let found = -1;
  for (let at = 0; at + 4 <= bytes.length; at++) {
    if (view.getUint32(at, true) === 0x02014b50 && ++found === index) return at;
  }
  throw new Error('no such entry');
}
