/**
 * Lets the page be loaded again without its server, where the browser can.
 *
 * @param paths of what it needs beside the files of the site, relative to it: fetched before the service worker was there
 */
export async function keepOffline(paths: readonly string[]): Promise<void> {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined; // absent on insecure pages
  try {
    await workers?.register('offline.js');
    const registration = await workers?.ready;
    registration?.active?.postMessage(paths);
  } catch {
    // refused in private windows: the page works as before
  }
}
