import { memory, tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import { loadPack } from './load-pack.js';
import type { LoadPackOptions } from './pack-files.js';
import type { PackCache } from './pack-cache.js';
import { describeFiles, makeFixture, serve, type PackFixture } from './pack-fixture.spec.js';
import type { PackProgress } from './read-files.js';

const url = 'https://packs.example/sum';

describe('loadPack', () => {
  let fixture: PackFixture;
  let tensorsBefore: number;
  beforeEach(async () => {
    fixture = await makeFixture();
    tensorsBefore = memory().numTensors;
  });
  afterEach(() => expect(memory().numTensors).withContext('tensors').toBe(tensorsBefore));

  const load = (options: LoadPackOptions = {}) => loadPack(url, { fetch: serve(fixture), cache: null, ...options });

  it('gives the manifest, the files and a model with its weights', async () => {
    const pack = await load();
    expect(pack.manifest.name).toBe('sum');
    expect([...pack.files.keys()]).toEqual(['model.json', 'weights.bin']);
    const x = tensor2d([[10, 100]]);
    const y = pack.model.predict(x) as Tensor;
    expect(await y.data()).toEqual(Float32Array.of(321));
    x.dispose();
    y.dispose();
    pack.dispose();
  });

  it('asks for every file with the query of its source', async () => {
    const asked: string[] = [];
    const fetchFile: typeof fetch = (location, init) => {
      const { origin, pathname, search } = new URL(String(location));
      asked.push(search);
      return serve(fixture)(`${origin}${pathname}`, init);
    };
    (await loadPack(`${url}?token=a%20b`, { fetch: fetchFile, cache: null })).dispose();
    expect(asked).toEqual(['?token=a%20b', '?token=a%20b', '?token=a%20b']);
  });

  it('reports bytes of all files, ending with the total', async () => {
    const seen: PackProgress[] = [];
    (await load({ onProgress: (progress) => seen.push(progress) })).dispose();
    const total = fixture.manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(seen.at(-1)).toEqual({ loaded: total, total, file: 'weights.bin' });
    expect(seen.every(({ loaded }, i) => i === 0 || loaded >= seen[i - 1].loaded)).toBeTrue();
  });

  it('gets files from the cache by their hash, and again when the cache is wrong', async () => {
    const cache = new MapCache();
    (await load({ cache })).dispose();
    expect(cache.entries.size).toBe(2);
    const requested: string[] = [];
    const counting: typeof fetch = (input, init) => {
      requested.push(String(input));
      return serve(fixture)(input, init);
    };
    (await load({ cache, fetch: counting })).dispose();
    expect(requested).toEqual([`${url}/manifest.json`]);
    for (const key of cache.entries.keys()) cache.entries.set(key, new ArrayBuffer(12));
    (await load({ cache, fetch: counting })).dispose();
    expect(requested.length).toBe(4);
  });

  it('does without a cache that is full', async () => {
    const full = {
      match: async () => undefined,
      put: () => Promise.reject(new DOMException('', 'QuotaExceededError')),
    };
    (await load({ cache: full })).dispose();
  });

  it('stops with the reason of the signal', async () => {
    const controller = new AbortController();
    const loading = load({ signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) });
    await expectAsync(loading).toBeRejectedWithError('enough');
    await expectAsync(load({ signal: AbortSignal.abort() })).toBeRejectedWith(
      jasmine.objectContaining({ name: 'AbortError' }),
    );
  });

  const refused: [string, (fixture: PackFixture) => void | Promise<void>, RegExp][] = [
    [
      'a truncated file',
      ({ files }) => void files.set('weights.bin', files.get('weights.bin')!.slice(0, 8)),
      /^loadPack: weights.bin must have 12 bytes \(get the pack again\), got 8$/,
    ],
    [
      'a file that is too long',
      ({ files }) => void files.set('weights.bin', new Uint8Array(13)),
      /^loadPack: weights.bin must have at most 12 bytes \(get the pack again\), got more$/,
    ],
    [
      'an altered file',
      ({ files }) => void files.get('weights.bin')!.fill(1, 0, 1),
      /^loadPack: weights.bin must have the manifest's sha256 \(get the pack again\), got another$/,
    ],
    [
      'a missing file',
      ({ files }) => void files.delete('weights.bin'),
      /^loadPack: weights.bin must exist .*, got HTTP 404 for https:\/\/packs.example\/sum\/weights.bin$/,
    ],
    [
      'weights that do not fit their list',
      async (fixture) => {
        fixture.files.set('weights.bin', new Uint8Array(16));
        await describeFiles(fixture);
      },
      /the weights that model.json lists must have 12 bytes together, got 16$/,
    ],
    [
      'a weight of another name',
      (fixture) => replaceInModel(fixture, /"sum\/bias"/g, '"sum/offset"'),
      /^loadPack: the weights must fit the layers of model.json, got: .*sum\/offset/,
    ],
    [
      'a layer class that nobody registered',
      (fixture) => replaceInModel(fixture, /"class_name":"Dense"/, '"class_name":"SubmConvNever"'),
      /the class SubmConvNever of model.json must be registered \(import '@tfjs-sparse\/sparse-conv\/layers'\), got none$/,
    ],
    [
      'shards that the manifest does not list',
      (fixture) => replaceInModel(fixture, /"weights.bin"/, '"../weights.bin"'),
      /weightsManifest\[0\].paths must be files of role 'weights' in the manifest \(weights.bin\), got ..\/weights.bin$/,
    ],
    [
      'a model that is no JSON',
      (fixture) => replaceInModel(fixture, /^/, '<html>'),
      /^loadPack: model.json must be JSON in UTF-8, got something else$/,
    ],
  ];
  for (const [what, damage, message] of refused) {
    it(`refuses ${what}`, async () => {
      await damage(fixture);
      await expectAsync(load()).toBeRejectedWithError(message);
    });
  }

  it('says how far a download came that broke off', async () => {
    const breaking: typeof fetch = async (input, init) =>
      String(input).endsWith('.bin') ? new Response(brokenStream()) : serve(fixture)(input, init);
    await expectAsync(load({ fetch: breaking })).toBeRejectedWithError(
      /^loadPack: .*weights.bin must be readable to its end \(get the pack again\), got lost after 4 bytes$/,
    );
  });

  it('refuses other schemes', async () => {
    for (const [source, kind] of [
      [undefined, 'undefined'],
      [null, 'null'],
      [5, 'number'],
    ] as const)
      await expectAsync(loadPack(source as never)).toBeRejectedWithError(
        TypeError,
        `loadPack: source must be the http(s) URL of a folder, or in Node a path or file URL, got ${kind}`,
      );
    await expectAsync(loadPack('ftp://packs.example/sum')).toBeRejectedWithError(
      RangeError,
      /got ftp:\/\/packs.example/,
    );
  });
});

async function replaceInModel(fixture: PackFixture, from: RegExp, to: string): Promise<void> {
  const model = new TextDecoder().decode(fixture.files.get('model.json'));
  expect(model).toMatch(from);
  fixture.files.set('model.json', new TextEncoder().encode(model.replace(from, to)));
  await describeFiles(fixture);
}

function brokenStream(): ReadableStream<Uint8Array> {
  let isStarted = false;
  return new ReadableStream({
    pull(controller) {
      if (isStarted) controller.error(new TypeError('lost'));
      else controller.enqueue(new Uint8Array(4));
      isStarted = true;
    },
  });
}

class MapCache implements PackCache {
  readonly entries = new Map<string, ArrayBuffer>();

  async match(request: RequestInfo | URL): Promise<Response | undefined> {
    const contents = this.entries.get(String(request));
    return contents && new Response(contents);
  }

  async put(request: RequestInfo | URL, response: Response): Promise<void> {
    this.entries.set(String(request), await response.arrayBuffer());
  }
}
