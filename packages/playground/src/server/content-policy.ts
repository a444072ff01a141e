/**
 * What documents and workers of the site may reach: this server alone. Where their address has a `?url=`, which a page asks
 * for when its user gives a URL, they may also ask that URL's server.
 *
 * @param query of the request, without the question mark
 */
export function contentPolicy(query: string): string {
  const other = originOf(new URLSearchParams(query).get('url') ?? '');
  return [
    "default-src 'self'",
    "img-src 'self' data:",
    "script-src 'self' 'wasm-unsafe-eval' blob:",
    "worker-src 'self' blob:",
    `connect-src 'self' blob: data:${other ? ` ${other}` : ''}`,
    "form-action 'self'",
    "base-uri 'self'",
  ].join('; ');
}

/** `https://host:port`; null for what would say more in a policy, such as a host with a semicolon. */
function originOf(url: string): string | null {
  const origin = URL.canParse(url) ? new URL(url).origin : '';
  return /^https?:\/\/([a-z\d.-]+|\[[a-f\d:]+\])(:\d+)?$/.test(origin) ? origin : null;
}
