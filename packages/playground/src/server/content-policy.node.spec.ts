import { contentPolicy } from './content-policy.js';

const connections = (query: string) => /connect-src ([^;]*)/.exec(contentPolicy(query))![1];

describe('contentPolicy', () => {
  it('allows this server alone', () => {
    for (const query of ['', 'a=1', 'url=', 'url=model.pt', 'url=file:///etc/passwd', 'url=data:,a'])
      expect(connections(query)).withContext(query).toBe("'self' blob: data:");
  });

  it('allows the server of a URL that the user gave, and no other', () => {
    const query = `url=${encodeURIComponent('https://Files.example:8443/a/b.pt?x=https://other.example')}`;
    expect(connections(query)).toBe("'self' blob: data: https://files.example:8443");
    expect(connections('url=http%3A%2F%2F%5B%3A%3A1%5D%2Fa.pt')).toBe("'self' blob: data: http://[::1]");
  });

  it('lets no URL say more', () => {
    for (const url of ['https://a;script-src/x', "https://a,'unsafe-inline'/x", 'https://*/x', 'https://*.com/x'])
      expect(contentPolicy(`url=${encodeURIComponent(url)}`))
        .withContext(url)
        .toBe(contentPolicy(''));
  });
});
