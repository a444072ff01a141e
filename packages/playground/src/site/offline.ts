// The service worker of the site: where the server does not answer, what it answered before does. The server goes first,
// so that nothing stale is shown beside it.

/** Paths of all that the pages need, relative to them; the bundle holds them. */
declare const siteFiles: readonly string[];

interface WaitingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface RequestEvent extends WaitingEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface PathsEvent extends WaitingEvent {
  /** Paths relative to the site. */
  readonly data: readonly string[];
}

interface ServiceWorkerScope {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'install' | 'activate', listener: (event: WaitingEvent) => void): void;
  addEventListener(type: 'message', listener: (event: PathsEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: RequestEvent) => void): void;
}

const scope = self as ServiceWorkerScope & typeof self;
const cacheName = 'tfjs-sparse-site';

scope.addEventListener('install', (event) => {
  event.waitUntil(takeFiles());
  void scope.skipWaiting();
});

scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname, searchParams } = new URL(request.url);
  if (searchParams.has('url')) return; // such an answer allows another server: it must never come for the page without
  const isOfPack = /\/packs\/.*(?<!\/manifest\.json)$/.test(pathname); // loadPack caches those
  if (request.method === 'GET' && origin === location.origin && !isOfPack) event.respondWith(answer(request));
});

// What a page fetched before there was this worker.
scope.addEventListener('message', (event) => event.waitUntil(takeMore(event.data)));

async function takeFiles(): Promise<void> {
  await caches.delete(cacheName); // files of an older site
  await (await caches.open(cacheName)).addAll([...siteFiles]);
}

/** What cannot be had now is missing later, and nothing else. */
async function takeMore(paths: readonly string[]): Promise<void> {
  const cache = await caches.open(cacheName);
  await Promise.allSettled(paths.map((path) => cache.add(path)));
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const before = await cache.match(request, { ignoreSearch: true });
    if (before) return before;
    throw error;
  }
}
