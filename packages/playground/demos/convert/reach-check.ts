const target = 'https://other-server.invalid/'; // a name that no server can have (RFC 2606)

/**
 * Whether the browser refuses what this page, or this worker, asks of another server; by its own report of the policy that
 * forbids it, as no answer would say nothing.
 */
export async function isRefused(): Promise<boolean> {
  const listening = new AbortController();
  const reported = new Promise<boolean>((resolve) => {
    const note = (event: Event) => {
      if ((event as SecurityPolicyViolationEvent).blockedURI.startsWith(target)) resolve(true);
    };
    addEventListener('securitypolicyviolation', note, { signal: listening.signal });
  });
  try {
    await fetch(target).catch(() => {}); // refused or unknown
    return await Promise.race([reported, new Promise<false>((resolve) => setTimeout(resolve, reportMs, false))]);
  } finally {
    listening.abort();
  }
}

const reportMs = 1000; // a report comes after the refusal, in Firefox through another process
